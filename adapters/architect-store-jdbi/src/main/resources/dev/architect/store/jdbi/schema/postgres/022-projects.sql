-- Projects, their boards and items. Times are microseconds since 1970 by the clock of the database.
-- readable from: 4

-- number: the last one that a key has; it never falls, so no key is given twice. body: everything, as a JSON object.
CREATE TABLE project (
    number bigint NOT NULL,
    version bigint NOT NULL,
    name text COLLATE "C" PRIMARY KEY,
    prefix text COLLATE "C" NOT NULL UNIQUE,
    body text NOT NULL
) WITH (fillfactor = 70);

-- Parts of projects. owner: the item or milestone that they belong to, 0 for none. body: everything, as a JSON object.
CREATE TABLE board_column (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX board_column_owner ON board_column (project, owner, id);

CREATE TABLE label (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX label_owner ON label (project, owner, id);

CREATE TABLE custom_field (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX custom_field_owner ON custom_field (project, owner, id);

CREATE TABLE saved_view (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX saved_view_owner ON saved_view (project, owner, id);

CREATE TABLE comment (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX comment_owner ON comment (project, owner, id);

CREATE TABLE attachment (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX attachment_owner ON attachment (project, owner, id);

CREATE TABLE milestone (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX milestone_owner ON milestone (project, owner, id);

CREATE TABLE milestone_slip (
    id bigint PRIMARY KEY,
    owner bigint NOT NULL,
    version bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    body text NOT NULL
);

CREATE INDEX milestone_slip_owner ON milestone_slip (project, owner, id);

-- detail: everything but the text, as a JSON object; the columns before it are what items are found and sorted by. column_id: where the card is,
-- position: its place there, as text whose order is that of the cards. due: seconds since 1970, the highest number for none.
CREATE TABLE item (
    id bigint PRIMARY KEY,
    number bigint NOT NULL,
    column_id bigint NOT NULL,
    parent bigint,
    milestone bigint,
    due bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    priority smallint NOT NULL,
    project text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    position text COLLATE "C" NOT NULL,
    severity text COLLATE "C",
    size text COLLATE "C",
    reporter text COLLATE "C" NOT NULL,
    blocked text COLLATE "C",
    detail text NOT NULL,
    body text NOT NULL
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX item_number ON item (project, number);
CREATE INDEX item_place ON item (project, column_id, position, id);
CREATE INDEX item_priority ON item (project, priority, id);
CREATE INDEX item_due ON item (project, due, id);
CREATE INDEX item_created ON item (project, created_at, id);
CREATE INDEX item_updated ON item (project, updated_at, id);
CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL;
CREATE INDEX item_milestone ON item (milestone) WHERE milestone IS NOT NULL;

-- The words of an item.
CREATE TABLE item_text (
    item bigint PRIMARY KEY,
    words tsvector NOT NULL
);

CREATE INDEX item_text_words ON item_text USING gin (words);

CREATE TABLE item_assignee (
    item bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    PRIMARY KEY (item, actor)
);

CREATE INDEX item_assignee_actor ON item_assignee (actor, item);

CREATE TABLE item_label (
    item bigint NOT NULL,
    label bigint NOT NULL,
    PRIMARY KEY (item, label)
);

CREATE INDEX item_label_label ON item_label (label, item);

CREATE TABLE item_field (
    item bigint NOT NULL,
    field bigint NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (item, field)
);

CREATE INDEX item_field_value ON item_field (field, item);

CREATE TABLE item_link (
    from_id bigint NOT NULL,
    to_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    PRIMARY KEY (from_id, kind, to_id)
);

CREATE INDEX item_link_to ON item_link (to_id);

CREATE TABLE item_task (
    task_id bigint PRIMARY KEY,
    item bigint NOT NULL
);

CREATE INDEX item_task_item ON item_task (item, task_id);

-- Content of attachments by its SHA-256.
CREATE TABLE blob (
    sha256 text COLLATE "C" PRIMARY KEY,
    content bytea NOT NULL
);

-- What was changed; rows are only ever added. subject: the id of what, 0 for the project itself.
CREATE TABLE item_event (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject bigint NOT NULL,
    version bigint NOT NULL,
    at bigint NOT NULL,
    project text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL,
    value_before text NOT NULL,
    value_after text NOT NULL,
    actor text COLLATE "C" NOT NULL
);

CREATE INDEX item_event_subject ON item_event (project, kind, subject, sequence);
CREATE INDEX item_event_field ON item_event (project, field, sequence) WHERE kind = 'ITEM' AND field IN ('stage', 'milestone', 'deleted');

CREATE SEQUENCE plan_number;

-- One row for each project, also before it is made: changes of one project wait for each other.
CREATE TABLE project_lock (
    name text COLLATE "C" PRIMARY KEY
);
