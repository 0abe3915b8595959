"""Small code lists of prevention: activities, materials, training, plans, inspections, money."""

from __future__ import annotations

from traffick_desk.i18n import N_

# Counts of an activity and of a material that may be *at least* what is stated.
ACTIVITY_COUNTS = ("times", "persons", "attendances", "women", "men", "represented")
MATERIAL_COUNTS = ("made", "received", "handed_out")
# What a plan's task is measured by out of the data; ``entered`` is told by hand.
ENTERED = "entered"

PREVENTION_LISTS: dict[str, dict[str, str]] = {
    "activity_kind": {
        "conference": N_("Conference"),
        "class": N_("Training class"),
        "workshop": N_("Workshop"),
        "discussion": N_("Discussion conference"),
        "talk": N_("Talk in a community"),
        "school": N_("Talk at a school"),
        "broadcast": N_("Broadcast on loudspeakers"),
        "news": N_("News item, article, report, clip"),
        "television": N_("Radio or television programme"),
        "online": N_("Online post"),
        "contest": N_("Contest, performance"),
        "rally": N_("Rally, parade"),
        "visit": N_("Visits from house to house"),
        "other_activity": N_("Other activity"),
    },
    "material_kind": {
        "leaflet": N_("Leaflet"),
        "handbook": N_("Handbook"),
        "panel": N_("Panel"),
        "poster": N_("Poster"),
        "banner": N_("Banner"),
        "recording": N_("Recording, video"),
        "other_material": N_("Other material"),
    },
    "activity_line": {
        "communication": N_("Communication"),
        "training": N_("Training of staff"),
        "both": N_("Communication and training"),
    },
    "activity_state": {
        "planned": N_("Planned"),
        "done": N_("Carried out"),
        "not_done": N_("Not done"),
    },
    "campaign": {
        "year": N_("Plan of the year"),
        "july": N_("Campaign of 30 July"),
        "other": N_("Other campaign"),
    },
    "activity_topic": {
        "tricks": N_("Tricks of traffickers, how to protect oneself"),
        "law": N_("The law on human trafficking"),
        "migration": N_("Safe migration and work abroad"),
        "online_risks": N_("Risks on the internet"),
        "hotline": N_("Hotline 111, how to report"),
        "identification": N_("Recognising and identifying victims"),
        "services": N_("Services and support regimes"),
        "procedure": N_("Procedure and papers"),
        "coordination": N_("Coordination of bodies"),
        "trauma": N_("Care that is centred on the victim and knows of trauma"),
        "children": N_("Children, child protection"),
        "volunteers": N_("Work of volunteer teams"),
        "other": N_("Other topic"),
    },
    "audience_level": {
        "hamlet": N_("Hamlet"),
        "commune": N_("Commune"),
        "district": N_("District (until 30/6/2025)"),
        "province": N_("Province"),
        "central": N_("Central"),
    },
    "risk_group": {
        "officials": N_("Officers and staff"),
        "women": N_("Women"),
        "children": N_("Children, pupils"),
        "students": N_("Students, young people"),
        "minorities": N_("Ethnic minorities"),
        "border": N_("People at the border"),
        "poor": N_("Poor households"),
        "migrants": N_("People who want to work away from home"),
        "returned": N_("Returned victims and their families"),
        "disabled": N_("Persons with disabilities"),
        "parents": N_("Parents, carers"),
        "everybody": N_("Everybody"),
    },
    "audience_age": {
        "child": N_("Under 16"),
        "youth": N_("16 to 30"),
        "adult": N_("31 to 59"),
        "elder": N_("60 and over"),
    },
    "audience_reading": {
        "reads": N_("Most can read"),
        "some": N_("Some cannot read"),
        "few": N_("Most cannot read"),
    },
    "activity_count": {
        "times": N_("How many times"),
        "persons": N_("Number of persons"),
        "attendances": N_("Attendances"),
        "women": N_("Women among them"),
        "men": N_("Men among them"),
        "represented": N_("Bodies represented"),
    },
    "material_count": {
        "made": N_("Made"),
        "received": N_("Received"),
        "handed_out": N_("Handed out"),
    },
    "staff_role": {
        "officer": N_("Officer"),
        "hamlet": N_("Hamlet staff"),
        "volunteer": N_("Volunteer"),
        "leader": N_("Leader of the team"),
        "collaborator": N_("Collaborator"),
        "speaker": N_("Speaker"),
    },
    "plan_line": {
        "communication": N_("Communication"),
        "facilities": N_("Facilities, equipment, quality of services, hotline 111"),
        "capacity": N_("Capacity of staff"),
        "integration": N_("Integration with other programmes"),
        "coordination": N_("Inspection, statistics, coordination, resources"),
    },
    "plan_measure": {
        ENTERED: N_("Told by hand"),
        "reached": N_("Share of identified victims who reached a service"),
        "received": N_("Share of identified victims who received a regime"),
        "activities": N_("Activities done"),
        "july": N_("Activities of the campaign of 30 July done"),
        "classes": N_("Training classes done"),
        "attendances": N_("Attendances"),
        "materials": N_("Materials handed out"),
        "trained": N_("Staff and volunteers trained"),
        "teams": N_("Volunteer teams"),
        "inspections": N_("Inspections"),
        "spent": N_("Money spent on prevention (VND)"),
    },
    "plan_unit": {
        "percent": N_("percent"),
        "number": N_("number"),
    },
    "budget_purpose": {
        "communication": N_("Communication"),
        "training": N_("Training of staff"),
        "teams": N_("Volunteer teams"),
        "facilities": N_("Facilities, equipment"),
        "inspection": N_("Inspection, coordination"),
        "support": N_("Support of victims"),
        "other": N_("Other purpose"),
    },
}
