-- Projects, their boards and items. Times are microseconds since 1970 by the store's clock.
-- readable from: 20

-- number: the last one that a key has; it never falls, so no key is given twice. body: everything, as a JSON object.
CREATE TABLE project (
    name ${text} PRIMARY KEY,
    prefix ${text} NOT NULL UNIQUE,
    number ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
)${clustered};

-- Parts of projects. owner: the item or milestone that they belong to, 0 for none. body: everything, as a JSON object.
CREATE TABLE board_column (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX board_column_owner ON board_column (project, owner, id);

CREATE TABLE label (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX label_owner ON label (project, owner, id);

CREATE TABLE custom_field (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX custom_field_owner ON custom_field (project, owner, id);

CREATE TABLE saved_view (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX saved_view_owner ON saved_view (project, owner, id);

CREATE TABLE comment (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX comment_owner ON comment (project, owner, id);

CREATE TABLE attachment (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX attachment_owner ON attachment (project, owner, id);

CREATE TABLE milestone (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX milestone_owner ON milestone (project, owner, id);

CREATE TABLE milestone_slip (
    id ${key},
    project ${text} NOT NULL,
    owner ${long} NOT NULL,
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX milestone_slip_owner ON milestone_slip (project, owner, id);

-- detail: everything but the text, as a JSON object; the columns before it are what items are found and sorted by. column_id: where the card is,
-- position: its place there, as text whose order is that of the cards. due: seconds since 1970, the highest number for none.
CREATE TABLE item (
    id ${key},
    project ${text} NOT NULL,
    number ${long} NOT NULL,
    kind ${text} NOT NULL,
    column_id ${long} NOT NULL,
    position ${text} NOT NULL,
    priority ${short} NOT NULL,
    severity ${text},
    size ${text},
    reporter ${text} NOT NULL,
    parent ${long},
    milestone ${long},
    blocked ${text},
    due ${long} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    version ${long} NOT NULL,
    detail ${text} NOT NULL,
    body ${text} NOT NULL
);

CREATE UNIQUE INDEX item_number ON item (project, number);
CREATE INDEX item_place ON item (project, column_id, position, id);
CREATE INDEX item_priority ON item (project, priority, id);
CREATE INDEX item_due ON item (project, due, id);
CREATE INDEX item_created ON item (project, created_at, id);
CREATE INDEX item_updated ON item (project, updated_at, id);
CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL;
CREATE INDEX item_milestone ON item (milestone) WHERE milestone IS NOT NULL;

-- The words of an item; rowid is its id.
CREATE VIRTUAL TABLE item_text USING fts5(words, tokenize = 'unicode61 remove_diacritics 0');

CREATE TABLE item_assignee (
    item ${long} NOT NULL,
    actor ${text} NOT NULL,
    PRIMARY KEY (item, actor)
)${clustered};

CREATE INDEX item_assignee_actor ON item_assignee (actor, item);

CREATE TABLE item_label (
    item ${long} NOT NULL,
    label ${long} NOT NULL,
    PRIMARY KEY (item, label)
)${clustered};

CREATE INDEX item_label_label ON item_label (label, item);

CREATE TABLE item_field (
    item ${long} NOT NULL,
    field ${long} NOT NULL,
    value ${text} NOT NULL,
    PRIMARY KEY (item, field)
)${clustered};

CREATE INDEX item_field_value ON item_field (field, value, item);

CREATE TABLE item_link (
    from_id ${long} NOT NULL,
    kind ${text} NOT NULL,
    to_id ${long} NOT NULL,
    PRIMARY KEY (from_id, kind, to_id)
)${clustered};

CREATE INDEX item_link_to ON item_link (to_id);

CREATE TABLE item_task (
    task_id ${key},
    item ${long} NOT NULL
);

CREATE INDEX item_task_item ON item_task (item, task_id);

-- Content of attachments by its SHA-256.
CREATE TABLE blob (
    sha256 ${text} PRIMARY KEY,
    content BLOB NOT NULL
);

-- What was changed; rows are only ever added. subject: the id of what, 0 for the project itself.
CREATE TABLE item_event (
    sequence ${sequence},
    project ${text} NOT NULL,
    kind ${text} NOT NULL,
    subject ${long} NOT NULL,
    version ${long} NOT NULL,
    field ${text} NOT NULL,
    value_before ${text} NOT NULL,
    value_after ${text} NOT NULL,
    actor ${text} NOT NULL,
    at ${long} NOT NULL
);

CREATE INDEX item_event_subject ON item_event (project, kind, subject, sequence);
CREATE INDEX item_event_field ON item_event (project, field, sequence) WHERE kind = 'ITEM' AND field IN ('stage', 'milestone', 'deleted');

INSERT INTO id_block (name, next) VALUES ('plan', 1);
