"""The reasons for removing a comment with which a site begins; moderators change them in the admin."""

REASONS = [
    {
        "name_sv": "Angrepp på person",
        "name_en": "Attack on a person",
        "statement_sv": "Kommentaren angriper en person i stället för det som sägs. Skriv gärna din invändning igen, om saken.",
        "statement_en": "The comment attacks a person instead of what is said. You are welcome to write your objection again, about the matter.",
    },
    {
        "name_sv": "Hets eller hot",
        "name_en": "Hatred or threats",
        "statement_sv": "Kommentaren hotar någon eller hetsar mot en grupp. Det får den inte göra här.",
        "statement_en": "The comment threatens somebody or stirs up hatred against a group. That is not allowed here.",
    },
    {
        "name_sv": "Privata uppgifter",
        "name_en": "Private details",
        "statement_sv": "Kommentaren lämnar ut uppgifter om en person som hör till privatlivet.",
        "statement_en": "The comment gives away details that belong to a person’s private life.",
    },
    {
        "name_sv": "Reklam",
        "name_en": "Advertising",
        "statement_sv": "Kommentaren är reklam, eller har länkar som inte hör till ämnet.",
        "statement_en": "The comment is advertising, or has links that do not belong to the subject.",
    },
    {
        "name_sv": "Hör inte hit",
        "name_en": "Off topic",
        "statement_sv": "Kommentaren handlar om något annat än artikeln och samtalet under den.",
        "statement_en": "The comment is about something else than the article and the talk below it.",
    },
    {
        "name_sv": "Strider mot lag",
        "name_en": "Against the law",
        "statement_sv": "Vi bedömer att kommentaren kan strida mot lag, och får därför inte låta den stå kvar.",
        "statement_en": "We find that the comment may break the law, and so must not let it stand.",
    },
]
