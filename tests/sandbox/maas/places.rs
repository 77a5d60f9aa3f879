//! `zones/` by name and `resourcepools/` by number: the same small resource twice.

use serde_json::Value;

use super::super::response::Response;
use super::call::{Call, forbidden, invalid, not_found};
use super::route::Kind;
use super::state::{Place, State, pool_json, zone_json};

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind) -> Response {
    run(state, call, kind).unwrap_or_else(|refusal| refusal)
}

fn run(state: &mut State, call: &Call, kind: &Kind) -> Result<Response, Response> {
    if call.method != "GET" && !state.is_superuser(call.user()) {
        return Err(forbidden());
    }
    let zones = matches!(kind, Kind::Zones | Kind::Zone(_));
    let (places, shown): (&mut Vec<Place>, fn(&Place) -> Value) = if zones {
        (&mut state.zones, zone_json)
    } else {
        (&mut state.pools, pool_json)
    };
    let wanted = match kind {
        Kind::Zone(name) => Some(places.iter().position(|place| place.name == *name)),
        Kind::Pool(id) => Some(
            places
                .iter()
                .position(|place| place.id.to_string() == *id || place.name == *id),
        ),
        _ => None,
    };
    let what = if zones { "Zone" } else { "ResourcePool" };
    let Some(wanted) = wanted else {
        if call.method == "GET" {
            return Ok(Response::json_indented(
                200,
                &places.iter().map(shown).collect(),
            ));
        }
        call.require(&["name"])?;
        let name = call.first("name").unwrap_or_default().to_owned();
        if places.iter().any(|place| place.name == name) {
            return Err(invalid(
                "name",
                if zones {
                    "Physical zone with this Name already exists."
                } else {
                    "Resource pool with this Name already exists."
                },
            ));
        }
        let id = places
            .iter()
            .map(|place| place.id)
            .max()
            .unwrap_or_default()
            + 1;
        places.push(Place {
            id,
            name,
            description: call.first("description").unwrap_or_default().to_owned(),
        });
        return Ok(Response::json_indented(
            200,
            &shown(&places[places.len() - 1]),
        ));
    };
    let at = wanted.ok_or_else(|| not_found(what))?;
    match call.method {
        "DELETE" if places[at].name == "default" => {
            return Err(Response::text(
                400,
                "This is the default and cannot be deleted.",
            ));
        }
        "DELETE" => {
            places.remove(at);
            return Ok(Response::new(204));
        }
        "PUT" => {
            for (field, slot) in {
                let place = &mut places[at];
                [
                    ("name", &mut place.name),
                    ("description", &mut place.description),
                ]
            } {
                if let Some(value) = call.first(field) {
                    value.clone_into(slot);
                }
            }
        }
        _ => {}
    }
    Ok(Response::json_indented(200, &shown(&places[at])))
}
