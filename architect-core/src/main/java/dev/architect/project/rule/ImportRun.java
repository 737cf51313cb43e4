package dev.architect.project.rule;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Position;
import dev.architect.project.Project;
import dev.architect.project.ProjectState;
import dev.architect.project.Revision;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SearchText;
import dev.architect.project.store.SubjectKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.ImportReport;
import dev.architect.project.transfer.ImportTarget;
import dev.architect.project.transfer.SourceComment;
import dev.architect.project.transfer.SourceFile;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One import into one project. What was imported before is known by events of the field {@value #ORIGIN}, which outlive what they are about:
 * what was deleted here or moved away does not come back. What was edited here is known by events of others than imports.
 */
final class ImportRun {

    private static final String ORIGIN = "origin";
    private static final int PAGE = 10_000;
    private static final int COMMENT_CHARACTERS = 20_000;
    private static final int MAX_ORIGIN_CHARACTERS = 300;
    private static final List<ColumnDraft> NEEDED = List.of(
            ColumnDraft.of("To do", Stage.READY),
            ColumnDraft.of("In progress", Stage.ACTIVE),
            ColumnDraft.of("Done", Stage.DONE));

    private final ProjectRows rows;
    private final SourceProject source;
    private final ImportTarget target;
    private final Actor by;
    private final Actor importer;
    private final Instant now;
    private final List<ImportFinding> findings = new ArrayList<>();
    private final List<PlanEvent> events = new ArrayList<>();
    /** What was imported before, by origin. */
    private final Map<String, Long> known = new HashMap<>();
    /** The fields that others than imports have changed, by what they are of. */
    private final Map<Long, Set<String>> edited = new HashMap<>();

    private final Map<String, BoardColumn> columns = new HashMap<>();
    private final Map<PartId, BoardColumn> board = new HashMap<>();
    private final Map<String, PartId> labels = new HashMap<>();
    private final Map<String, MilestoneId> milestones = new HashMap<>();
    private final Map<String, ItemId> ids = new HashMap<>();
    private final Map<ItemId, Item> stored = new HashMap<>();
    private long addedColumns;
    private long addedLabels;
    private long addedMilestones;
    private long addedLinks;
    private long addedComments;
    private long addedFiles;
    private long added;
    private long changed;
    private long same;
    private long gone;

    ImportRun(ProjectRows rows, SourceProject source, ImportTarget target, Actor by, Instant now) {
        this.rows = rows;
        this.source = source;
        this.target = target;
        this.by = by;
        this.importer = new Actor(Actor.Kind.IMPORT, source.format());
        this.now = now;
        this.findings.addAll(source.findings());
    }

    ImportReport run() {
        requireRoom("items", source.items().size(), Imports.MOST_ITEMS);
        requireRoom(
                "files",
                source.items().stream().mapToInt(item -> item.files().size()).sum(),
                Imports.MOST_FILES);
        new SourceGraph(source);
        Optional<Project> before = rows.project(target.project());
        boolean isNew = before.isEmpty();
        Project project = isNew ? create() : requireSame(before.get());
        if (!isNew) {
            readEvents();
        }
        readColumns(isNew);
        readLabels();
        readMilestones();
        List<SourceItem> fresh = identify(isNew);
        insert(project, fresh);
        source.items().stream()
                .filter(item -> stored.containsKey(ids.get(item.id())))
                .forEach(item -> update(item, Objects.requireNonNull(stored.get(ids.get(item.id())))));
        link(isNew);
        checkTogether(isNew);
        ImportReport report = new ImportReport(
                project.id(),
                project.prefix(),
                isNew,
                new ImportReport.Items(added, changed, same, gone),
                new ImportReport.Added(
                        addedColumns, addedLabels, addedMilestones, addedLinks, addedComments, addedFiles),
                findings,
                findings.size());
        if (report.isChange()) {
            event(SubjectKind.PROJECT, 0, project.revision().version(), "import", source.format(), by, now);
            events.sort(Comparator.comparing(PlanEvent::at));
            for (int from = 0; from < events.size(); from += PAGE) {
                rows.append(events.subList(from, Math.min(events.size(), from + PAGE)));
            }
        }
        return report;
    }

    private static void requireRoom(String field, int seen, int most) {
        if (seen > most) {
            throw new ImportException("", field, String.valueOf(seen), "at most " + most);
        }
    }

    private void find(String place, String field, String message) {
        findings.add(new ImportFinding(place, field, message));
    }

    private void event(
            SubjectKind kind, long subject, long version, String field, String after, Actor actor, Instant at) {
        events.add(new PlanEvent(0, target.project(), kind, subject, version, field, "", after, actor, at));
    }

    private Project requireSame(Project project) {
        if (project.state() == ProjectState.DELETED) {
            throw new PlanningException(
                    Kind.TAKEN,
                    "project",
                    "project '" + project.id() + "' was deleted and can be restored, expected another name");
        }
        if (!project.prefix().equals(target.prefix())) {
            throw new PlanningException(
                    Kind.TAKEN,
                    "prefix",
                    "project '" + project.id() + "' has the prefix " + project.prefix() + ", expected that and not "
                            + target.prefix());
        }
        return Planning.requireOpen(rows, project.id());
    }

    private Project create() {
        if (rows.projectOf(target.prefix()).isPresent()) {
            throw new PlanningException(
                    Kind.TAKEN, "prefix", "prefix '" + target.prefix() + "' is taken, expected another one");
        }
        Project project = new Project(
                target.project(),
                target.prefix(),
                source.draft(),
                ProjectState.ACTIVE,
                Optional.empty(),
                Revision.first(now, by),
                Optional.empty());
        rows.save(project);
        event(SubjectKind.PROJECT, 0, 1, "created", target.prefix(), by, now);
        return project;
    }

    private void readEvents() {
        long after = 0;
        List<PlanEvent> page;
        do {
            page = rows.events(target.project(), after, PAGE);
            for (PlanEvent event : page) {
                after = event.sequence();
                if (event.field().equals(ORIGIN)) {
                    known.put(event.after(), event.subject());
                } else if (event.kind() == SubjectKind.ITEM && event.by().kind() != Actor.Kind.IMPORT) {
                    edited.computeIfAbsent(event.subject(), each -> new HashSet<>())
                            .add(event.field());
                }
            }
        } while (page.size() == PAGE);
    }

    private boolean isEdited(Item item, String field) {
        return edited.getOrDefault(item.id().value(), Set.of()).contains(field);
    }

    private static String name(String title) {
        return title.toLowerCase(Locale.ROOT);
    }

    /** A new project has the columns of the source; one that is there keeps its own. */
    private void readColumns(boolean isNew) {
        if (isNew) {
            List<ColumnDraft> drafts = new ArrayList<>(source.board().columns());
            for (ColumnDraft needed : NEEDED) {
                if (drafts.stream().noneMatch(each -> each.stage() == needed.stage() && !each.isHidden())) {
                    boolean isTaken =
                            drafts.stream().anyMatch(each -> name(each.title()).equals(name(needed.title())));
                    drafts.add(isTaken ? ColumnDraft.of(needed.title() + " (visible)", needed.stage()) : needed);
                }
            }
            requireRoom("columns", drafts.size(), Boards.MAX_COLUMNS);
            drafts.sort(Comparator.comparing(ColumnDraft::stage));
            for (int i = 0; i < drafts.size(); i++) {
                rows.save(ProjectPartCodec.row(new BoardColumn(
                        new PartId(rows.nextId(target.project())),
                        target.project(),
                        drafts.get(i),
                        Position.spread(i, drafts.size()),
                        Revision.first(now, importer))));
            }
            addedColumns = drafts.size();
        }
        List<BoardColumn> all = Planning.columns(rows, target.project());
        all.forEach(column -> board.put(column.id(), column));
        for (ColumnDraft draft : source.board().columns()) {
            Optional<BoardColumn> own = all.stream()
                    .filter(each -> name(each.draft().title()).equals(name(draft.title())))
                    .findFirst();
            BoardColumn column = own.or(() -> Planning.first(all, draft.stage()))
                    .orElseThrow(() -> new PlanningException(
                            Kind.NOT_POSSIBLE,
                            "column",
                            "project '" + target.project() + "' has no column '" + draft.title()
                                    + "' and none of stage " + draft.stage() + ", expected one of them"));
            if (own.isEmpty()) {
                find(
                        "",
                        "column",
                        "'" + draft.title() + "' is not on the board: its cards are in '"
                                + column.draft().title() + "'");
            }
            columns.put(draft.title(), column);
        }
    }

    private void readLabels() {
        Planning.parts(rows, SubjectKind.LABEL, target.project(), 0, ProjectPartCodec::label)
                .forEach(label -> labels.put(name(label.draft().name()), label.id()));
        for (LabelDraft draft : source.board().labels()) {
            if (!labels.containsKey(name(draft.name()))) {
                requireRoom("labels", labels.size() + 1, ProjectParts.MAX_LABELS);
                Label label = new Label(
                        new PartId(rows.nextId(target.project())),
                        target.project(),
                        draft,
                        Revision.first(now, importer));
                rows.save(ProjectPartCodec.row(label));
                event(SubjectKind.LABEL, label.id().value(), 1, "created", draft.name(), importer, now);
                labels.put(name(draft.name()), label.id());
                addedLabels++;
            }
        }
    }

    private void readMilestones() {
        Planning.parts(rows, SubjectKind.MILESTONE, target.project(), 0, ProjectPartCodec::milestone)
                .forEach(each -> milestones.put(each.draft().title(), each.id()));
        for (MilestoneDraft draft : source.board().milestones()) {
            String origin = origin("milestone:" + draft.title());
            Long before = known.get(origin);
            if (before != null) {
                // It may have another title by now; without a row it was deleted here.
                milestones.remove(draft.title());
                if (rows.part(SubjectKind.MILESTONE, before).isPresent()) {
                    milestones.put(draft.title(), new MilestoneId(before));
                }
            } else if (!milestones.containsKey(draft.title())) {
                requireRoom("milestones", milestones.size() + 1, Milestones.MOST);
                Milestone milestone = new Milestone(
                        new MilestoneId(rows.nextId(target.project())),
                        target.project(),
                        draft,
                        MilestoneState.PLANNED,
                        Optional.empty(),
                        Revision.first(now, importer));
                rows.save(ProjectPartCodec.row(milestone));
                long id = milestone.id().value();
                event(SubjectKind.MILESTONE, id, 1, "created", draft.title(), importer, now);
                event(SubjectKind.MILESTONE, id, 1, ORIGIN, origin, importer, now);
                milestones.put(draft.title(), milestone.id());
                addedMilestones++;
            }
        }
    }

    private String origin(String id) {
        String origin = source.format() + ":" + id;
        return origin.length() <= MAX_ORIGIN_CHARACTERS
                ? origin
                : origin.substring(0, MAX_ORIGIN_CHARACTERS - 65) + ":" + Attachments.hash(origin);
    }

    /** Finds what was imported before, and returns what is new. */
    private List<SourceItem> identify(boolean isNew) {
        Map<String, Item> origins = new HashMap<>();
        if (!isNew) {
            Planning.items(rows, ItemQuery.of(target.project()))
                    .forEach(item -> item.origin().ifPresent(each -> origins.put(each, item)));
        }
        List<SourceItem> fresh = new ArrayList<>();
        for (SourceItem each : source.items()) {
            String origin = origin(each.id());
            Item item = origins.get(origin);
            if (item != null) {
                ids.put(each.id(), item.id());
                stored.put(item.id(), item);
            } else if (known.containsKey(origin)) {
                gone++;
                find(
                        each.place(),
                        "",
                        "was imported before, and was deleted here or moved to another project: it is not made again");
            } else {
                ids.put(each.id(), new ItemId(rows.nextId(target.project())));
                fresh.add(each);
            }
        }
        return fresh;
    }

    private void insert(Project project, List<SourceItem> fresh) {
        long last = rows.lastNumber(project.id());
        long highest = last;
        for (SourceItem each : fresh) {
            highest = Math.max(highest, each.number().orElse(0));
        }
        if (highest > last) {
            rows.reserveNumbers(project.id(), highest);
        }
        Map<PartId, Integer> counts = new HashMap<>();
        fresh.forEach(each -> counts.merge(column(each).id(), 1, Integer::sum));
        Map<PartId, Integer> placed = new HashMap<>();
        Map<PartId, Optional<Position>> ends = new HashMap<>();
        Set<BoardColumn> crowded = new LinkedHashSet<>();
        for (SourceItem each : fresh) {
            BoardColumn column = column(each);
            long own = each.number().orElse(0);
            boolean isFree = own > last;
            ItemKey key = new ItemKey(project.prefix(), isFree ? own : rows.nextNumber(project.id()));
            if (each.number().isPresent() && !isFree) {
                find(each.place(), "number", own + " is taken here: the key is " + key);
            }
            int index = placed.merge(column.id(), 1, Integer::sum) - 1;
            Optional<Position> end = ends.computeIfAbsent(
                    column.id(),
                    id -> Optional.of(Items.last(rows, column)).filter(position -> !position.equals(Position.first())));
            Position position =
                    end.isEmpty() ? Position.spread(index, Objects.requireNonNull(counts.get(column.id()))) : end.get();
            end.ifPresent(at -> ends.put(column.id(), Optional.of(at.after())));
            if (position.text().length() > Position.LONGEST) {
                crowded.add(column);
            }
            insert(each, key, column, position);
        }
        crowded.forEach(column -> Items.spread(rows, column));
    }

    private BoardColumn column(SourceItem item) {
        BoardColumn column = columns.get(item.refers().column());
        if (column == null) {
            throw new ImportException(
                    item.place(), "column", "'" + item.refers().column() + "'", "one of " + columns.keySet());
        }
        return column;
    }

    /** The draft with what it refers to; what was deleted here is left out. */
    private ItemDraft resolved(SourceItem item) {
        Set<PartId> found = new LinkedHashSet<>();
        for (String label : item.refers().labels()) {
            PartId id = labels.get(name(label));
            if (id == null) {
                throw new ImportException(item.place(), "labels", "'" + label + "'", "a label of the source");
            }
            found.add(id);
        }
        ItemDraft draft = item.draft();
        return draft.withLabels(found)
                .withPlan(new ItemPlan(
                        item.refers().parent().flatMap(id -> Optional.ofNullable(ids.get(id))),
                        item.refers().milestone().flatMap(title -> Optional.ofNullable(milestones.get(title))),
                        draft.plan().due()));
    }

    private Instant time(Optional<Instant> at) {
        return at.map(each -> each.truncatedTo(ChronoUnit.MICROS)).orElse(now);
    }

    private void insert(SourceItem each, ItemKey key, BoardColumn column, Position position) {
        ItemId id = Objects.requireNonNull(ids.get(each.id()));
        ItemDraft draft = resolved(each);
        SourceItem.Times times = each.times();
        Instant createdAt = time(times.createdAt());
        Instant updatedAt = times.updatedAt().isPresent() ? time(times.updatedAt()) : createdAt;
        Optional<Instant> startedAt = times.startedAt().map(at -> time(Optional.of(at)));
        Optional<Instant> doneAt = column.stage().isEnd()
                ? Optional.of(times.doneAt().isPresent() ? time(times.doneAt()) : updatedAt)
                : Optional.empty();
        if (column.stage().isEnd() && times.doneAt().isEmpty()) {
            find(each.place(), "doneAt", "is not in the file: it is taken for " + doneAt.orElseThrow());
        }
        String origin = origin(each.id());
        Item item = new Item(
                id,
                target.project(),
                key,
                draft,
                new Item.Place(column.id(), position),
                new Item.Progress(startedAt, doneAt, 0),
                Optional.of(origin),
                new Revision(1, createdAt, times.createdBy().orElse(importer), updatedAt, importer),
                each.data());
        List<String> texts =
                new ArrayList<>(List.of(key.toString(), key.prefix() + key.number(), draft.title(), draft.body()));
        texts.addAll(each.refers().labels());
        each.comments().forEach(comment -> texts.add(comment.body()));
        rows.insert(item, SearchText.words(texts));
        long subject = id.value();
        event(SubjectKind.ITEM, subject, 1, "created", key.toString(), importer, createdAt);
        event(
                SubjectKind.ITEM,
                subject,
                1,
                "stage",
                column.stage().name(),
                importer,
                doneAt.or(() -> startedAt).orElse(createdAt));
        draft.plan()
                .milestone()
                .ifPresent(milestone ->
                        event(SubjectKind.ITEM, subject, 1, "milestone", milestone.toString(), importer, createdAt));
        event(SubjectKind.ITEM, subject, 1, ORIGIN, origin, importer, createdAt);
        added++;
        addComments(each, item);
        addFiles(each, item);
    }

    private void update(SourceItem each, Item listed) {
        Item before = rows.item(listed.id()).orElseThrow();
        Item after = edit(each, before);
        BoardColumn column = column(each);
        BoardColumn current = Objects.requireNonNull(board.get(before.place().column()));
        boolean isThere = current.id().equals(column.id())
                // A column that has another title now is where the card belongs.
                || (current.stage() == column.stage()
                        && !name(column.draft().title())
                                .equals(name(each.refers().column())));
        if (!isThere && (isEdited(before, "column") || isEdited(before, "stage"))) {
            kept(before, "column");
        } else if (!isThere) {
            after = Items.place(rows, after, column, Items.last(rows, column), current.stage(), now, importer);
        }
        long comments = addedComments + addedFiles;
        addComments(each, after);
        addFiles(each, after);
        if (addedComments + addedFiles > comments) {
            Planning.save(rows, after);
        }
        if (after.equals(before)) {
            same++;
        } else {
            changed++;
        }
    }

    private void kept(Item item, String field) {
        find(item.key().toString(), field, "was edited here and differs in the source: it stays as it is here");
    }

    private Item edit(SourceItem each, Item before) {
        Map<String, Object> wanted = ItemCodec.fields(resolved(each));
        Map<String, Object> fields = new LinkedHashMap<>(ItemCodec.fields(before.draft()));
        Map<String, Map.Entry<String, String>> changes = new TreeMap<>(ItemCodec.changes(fields, wanted));
        changes.keySet().retainAll(source.held());
        changes.keySet().removeIf(field -> {
            boolean isKept = isEdited(before, field);
            if (isKept) {
                kept(before, field);
            }
            return isKept;
        });
        boolean isSameData = each.data().equals(before.originData());
        if (changes.isEmpty() && isSameData) {
            return before;
        }
        for (String field : changes.keySet()) {
            Object value = wanted.get(field);
            if (value == null) {
                fields.remove(field);
            } else {
                fields.put(field, value);
            }
        }
        ItemDraft draft = ItemCodec.draft(JsonFields.parse(JsonText.write(fields)));
        Item after = new Item(
                before.id(),
                before.project(),
                before.key(),
                draft,
                before.place(),
                before.progress(),
                before.origin(),
                before.revision().next(now, importer),
                each.data());
        Planning.save(rows, after);
        if (!isSameData) {
            changes.put("originData", Map.entry("", ""));
        }
        Planning.append(
                rows,
                before.project(),
                SubjectKind.ITEM,
                before.id().value(),
                after.revision().version(),
                changes,
                importer,
                now);
        return after;
    }

    private void addComments(SourceItem each, Item item) {
        if (each.comments().isEmpty()) {
            return;
        }
        Map<String, PartId> threads = new HashMap<>();
        int count = stored.containsKey(item.id())
                ? rows.parts(SubjectKind.COMMENT, item.project(), item.id().value(), 0, Planning.MOST_PARTS)
                        .size()
                : 0;
        for (SourceComment comment : each.comments()) {
            List<String> texts = chunks(comment.body());
            @Nullable PartId first = null;
            for (int i = 0; i < texts.size(); i++) {
                String origin = origin("comment:" + comment.id() + (i == 0 ? "" : "#" + (i + 1)));
                Long before = known.get(origin);
                if (before != null) {
                    first = first == null ? new PartId(before) : first;
                    threads.put(comment.id(), first);
                    continue;
                }
                count++;
                if (count > Planning.MOST_PARTS) {
                    throw new ImportException(
                            each.place(), "comments", String.valueOf(count), "at most " + Planning.MOST_PARTS);
                }
                PartId id = new PartId(rows.nextId(item.project()));
                Optional<PartId> parent =
                        comment.parent().flatMap(answered -> Optional.ofNullable(threads.get(answered)));
                Optional<PartId> thread = parent.isPresent() ? parent : Optional.ofNullable(first);
                Instant at = time(comment.at());
                Actor author = comment.author().orElse(importer);
                rows.save(ProjectPartCodec.row(new Comment(
                        id,
                        item.project(),
                        item.id(),
                        thread.filter(root ->
                                rows.part(SubjectKind.COMMENT, root.value()).isPresent()),
                        texts.get(i),
                        Optional.empty(),
                        List.of(),
                        Revision.first(at, author))));
                first = first == null ? id : first;
                // Threads are one level deep: what answers an answer stands in the same thread.
                threads.put(comment.id(), parent.orElse(first));
                event(SubjectKind.COMMENT, id.value(), 1, "created", texts.get(i), importer, at);
                event(SubjectKind.COMMENT, id.value(), 1, ORIGIN, origin, importer, at);
                known.put(origin, id.value());
                addedComments++;
            }
        }
    }

    /** Cuts a text that is longer than a comment may be; a pair of surrogates stays together. */
    private static List<String> chunks(String text) {
        List<String> chunks = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + COMMENT_CHARACTERS);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            String chunk = text.substring(from, to);
            if (!chunk.isBlank()) {
                chunks.add(chunk);
            }
            from = to;
        }
        return chunks;
    }

    private void addFiles(SourceItem each, Item item) {
        int count = 0;
        for (SourceFile file : each.files()) {
            byte[] content = file.content().copy();
            if (content.length == 0) {
                find(file.place(), "content", "is empty: the file '" + file.name() + "' is left out");
                continue;
            }
            if (content.length > Attachment.MAX_BYTES) {
                throw new ImportException(
                        file.place(), "size", content.length + " bytes", "at most " + Attachment.MAX_BYTES);
            }
            String hash = Attachments.hash(content);
            String origin = origin("file:" + each.id() + ":" + hash + ":" + file.name());
            count++;
            if (known.containsKey(origin)) {
                continue;
            }
            if (count > Attachments.MOST) {
                throw new ImportException(each.place(), "files", String.valueOf(count), "at most " + Attachments.MOST);
            }
            String type = Attachments.type(content);
            if (!file.type().isEmpty() && !file.type().equals(type)) {
                find(file.place(), "type", "is " + file.type() + ", and by the first bytes " + type + ", which it is");
            }
            Instant at = time(each.times().createdAt());
            Attachment attachment = new Attachment(
                    new PartId(rows.nextId(item.project())),
                    item.project(),
                    item.id(),
                    file.name(),
                    type,
                    content.length,
                    hash,
                    Revision.first(at, importer));
            rows.addContent(hash, content);
            rows.save(ProjectPartCodec.row(attachment));
            long id = attachment.id().value();
            event(SubjectKind.ATTACHMENT, id, 1, "created", file.name(), importer, at);
            event(SubjectKind.ATTACHMENT, id, 1, ORIGIN, origin, importer, at);
            known.put(origin, id);
            addedFiles++;
        }
    }

    private void link(boolean isNew) {
        Map<ItemId, ItemKey> keys = new HashMap<>();
        for (SourceLink each : source.links()) {
            ItemId from = ids.get(each.from());
            ItemId to = ids.get(each.to());
            if (from == null || to == null) {
                continue;
            }
            ItemLink link = new ItemLink(from, to, each.kind());
            String field = "link-" + JsonFields.wordOf(each.kind());
            if (!isNew
                    && edited.getOrDefault(from.value(), Set.of()).contains(field)
                    && !rows.links(from).contains(link)) {
                find(each.place(), "link", "was removed here: it stays removed");
                continue;
            }
            if (rows.add(link)) {
                ItemKey first = keys.computeIfAbsent(link.from(), id -> Planning.key(rows, id));
                ItemKey second = keys.computeIfAbsent(link.to(), id -> Planning.key(rows, id));
                event(SubjectKind.ITEM, link.from().value(), 1, field, second.toString(), importer, now);
                event(SubjectKind.ITEM, link.to().value(), 1, field, first.toString(), importer, now);
                addedLinks++;
            }
        }
    }

    /** The relations of the source keep the rules by themselves; with those that were here already they may not. */
    private void checkTogether(boolean isNew) {
        if (isNew) {
            return;
        }
        for (SourceItem each : source.items()) {
            if (each.refers().parent().isEmpty()) {
                continue;
            }
            Optional<Item> item = Optional.ofNullable(ids.get(each.id())).flatMap(rows::item);
            item.flatMap(one -> one.draft().plan().parent())
                    .ifPresent(parent -> Links.checkParent(
                            rows, target.project(), item.orElseThrow().id(), item, parent));
        }
        if (addedLinks > 0) {
            for (SourceLink each : source.links()) {
                ItemId from = ids.get(each.from());
                ItemId to = ids.get(each.to());
                if (from != null && to != null && each.kind() == LinkKind.BLOCKS) {
                    Links.requireNoPath(rows, to, from);
                }
            }
        }
    }
}
