package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.project.PartId;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.LinkKind;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.ProjectStore;
import dev.architect.project.store.SubjectKind;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Projects in memory. Guarded by the store's lock; a change that fails is undone step by step. */
final class InMemoryProjects implements ProjectStore, ProjectRows {

    private static final int MOST_TASKS = 1_000;

    private final InMemoryStore store;
    private final TreeMap<String, Project> projects = new TreeMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final TreeMap<Long, Item> items = new TreeMap<>();
    private final Map<ItemKey, Long> keys = new HashMap<>();
    private final Map<Long, NavigableSet<String>> words = new HashMap<>();
    private final Map<SubjectKind, TreeMap<Long, PartRow>> parts = new EnumMap<>(SubjectKind.class);
    private final Map<ItemLink, Boolean> links = new LinkedHashMap<>();
    private final List<PlanEvent> events = new ArrayList<>();
    private final Map<TaskId, ItemId> tasks = new LinkedHashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private long lastId;

    InMemoryProjects(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Instant now() {
        return store.locked(store::now);
    }

    @Override
    public <T> T read(Reading<T> reading) {
        return store.locked(() -> reading.read(this));
    }

    @Override
    public <T> T change(Set<ProjectId> locked, Change<T> change) {
        return store.locked(() -> {
            undo.clear();
            try {
                return change.make(this);
            } catch (Throwable failure) {
                undo.forEach(Runnable::run);
                throw failure;
            } finally {
                undo.clear();
            }
        });
    }

    /** Puts or, for null, removes a value, and notes how that is undone: the latest first. */
    private <K, V> void put(Map<K, V> map, K key, @Nullable V value) {
        V before = value == null ? map.remove(key) : map.put(key, value);
        undo.push(() -> {
            if (before == null) {
                map.remove(key);
            } else {
                map.put(key, before);
            }
        });
    }

    private TreeMap<Long, PartRow> parts(SubjectKind kind) {
        return parts.computeIfAbsent(kind, each -> new TreeMap<>());
    }

    @Override
    public long nextId(ProjectId project) {
        return TaskId.of(++lastId, 0, project.shard()).value();
    }

    @Override
    public long nextNumber(ProjectId project) {
        long next = numbers.getOrDefault(project.name(), 0L) + 1;
        put(numbers, project.name(), next);
        return next;
    }

    @Override
    public void save(Project project) {
        Project before = projects.get(project.id().name());
        requireNext(
                before == null ? 0 : before.revision().version(),
                project.revision().version(),
                false);
        put(projects, project.id().name(), project);
        store.changed(ChangeTopic.PROJECT, project.id().name());
    }

    @Override
    public void reserveNumbers(ProjectId project, long last) {
        put(numbers, project.name(), Math.max(last, lastNumber(project)));
    }

    @Override
    public long lastNumber(ProjectId project) {
        return numbers.getOrDefault(project.name(), 0L);
    }

    @Override
    public void insert(Project project) {
        if (projects.containsKey(project.id().name())) {
            throw new IllegalStateException("project " + project.id() + " is there, expected none");
        }
        put(projects, project.id().name(), project);
    }

    @Override
    public void insert(Item item, Set<String> found) {
        if (items.containsKey(item.id().value()) || keys.containsKey(item.key())) {
            throw new IllegalStateException("item " + item.key() + " is there, expected none");
        }
        save(item, found);
    }

    private static void requireNext(long before, long version, boolean maySame) {
        if (before != 0 && version != before + 1 && !(maySame && version == before)) {
            throw new IllegalStateException("version is " + before + ", expected one before " + version);
        }
    }

    @Override
    public void purge(ProjectId project) {
        for (Item item : List.copyOf(items.values())) {
            if (item.project().equals(project)) {
                delete(item.id());
            }
        }
        for (SubjectKind kind : SubjectKind.values()) {
            for (PartRow row : List.copyOf(parts(kind).values())) {
                if (row.project().equals(project)) {
                    put(parts(kind), row.id(), null);
                }
            }
        }
        store.changed(ChangeTopic.PROJECT, project.name());
        put(numbers, project.name(), null);
        put(projects, project.name(), null);
    }

    @Override
    public void save(Item item, Set<String> found) {
        place(item);
        put(words, item.id().value(), new TreeSet<>(found));
    }

    @Override
    public void place(Item item) {
        Item before = items.get(item.id().value());
        requireNext(
                before == null ? 0 : before.revision().version(),
                item.revision().version(),
                true);
        // As read by a query, it has no body.
        Item whole =
                before != null && before.revision().version() == item.revision().version()
                        ? item.with(item.draft().withBody(before.draft().body()), item.revision())
                        : item;
        put(items, item.id().value(), whole);
        put(keys, item.key(), item.id().value());
        changed(item.project(), item.id().value());
    }

    private void changed(ProjectId project, long item) {
        store.changed(ChangeTopic.ITEM, project.name() + "/" + item);
    }

    @Override
    public void delete(ItemId item) {
        Item gone = items.get(item.value());
        if (gone == null) {
            return;
        }
        put(items, item.value(), null);
        put(keys, gone.key(), null);
        put(words, item.value(), null);
        for (ItemLink link : List.copyOf(links.keySet())) {
            if (link.from().equals(item) || link.to().equals(item)) {
                put(links, link, null);
            }
        }
        for (SubjectKind kind : List.of(SubjectKind.COMMENT, SubjectKind.ATTACHMENT)) {
            for (PartRow row : List.copyOf(parts(kind).values())) {
                if (row.owner() == item.value()) {
                    put(parts(kind), row.id(), null);
                }
            }
        }
        for (Map.Entry<TaskId, ItemId> task : List.copyOf(tasks.entrySet())) {
            if (task.getValue().equals(item)) {
                put(tasks, task.getKey(), null);
            }
        }
    }

    @Override
    public void save(PartRow part) {
        put(parts(part.kind()), part.id(), part);
        if (part.kind() == SubjectKind.COMMENT || part.kind() == SubjectKind.ATTACHMENT) {
            changed(part.project(), part.owner());
        } else {
            store.changed(ChangeTopic.PROJECT, part.project().name());
        }
    }

    @Override
    public void delete(SubjectKind kind, long id) {
        put(parts(kind), id, null);
    }

    @Override
    public void forget(SubjectKind kind, long id) {
        for (Item item : List.copyOf(items.values())) {
            ItemDraft changed = without(item.draft(), kind, id);
            if (!changed.equals(item.draft())) {
                put(items, item.id().value(), item.with(changed, item.revision()));
                changed(item.project(), item.id().value());
            }
        }
    }

    private static ItemDraft without(ItemDraft draft, SubjectKind kind, long id) {
        if (kind == SubjectKind.LABEL && draft.labels().stream().anyMatch(each -> each.value() == id)) {
            return draft.withLabels(Set.copyOf(
                    draft.labels().stream().filter(each -> each.value() != id).toList()));
        }
        if (kind == SubjectKind.FIELD && draft.fields().keySet().stream().anyMatch(each -> each.value() == id)) {
            Map<PartId, String> kept = new HashMap<>(draft.fields());
            kept.keySet().removeIf(each -> each.value() == id);
            return draft.withFields(kept);
        }
        if (kind == SubjectKind.MILESTONE
                && draft.plan().milestone().filter(each -> each.value() == id).isPresent()) {
            ItemPlan plan = draft.plan();
            return draft.withPlan(new ItemPlan(plan.parent(), Optional.empty(), plan.due()));
        }
        return draft;
    }

    @Override
    public boolean add(ItemLink link) {
        boolean isNew = !links.containsKey(link);
        if (isNew) {
            put(links, link, true);
        }
        return isNew;
    }

    @Override
    public boolean remove(ItemLink link) {
        boolean isThere = links.containsKey(link);
        if (isThere) {
            put(links, link, null);
        }
        return isThere;
    }

    @Override
    public void append(List<PlanEvent> added) {
        int size = events.size();
        for (PlanEvent each : added) {
            if (each.kind() == SubjectKind.ITEM) {
                changed(each.project(), each.subject());
            } else {
                store.changed(ChangeTopic.PROJECT, each.project().name());
            }
            events.add(new PlanEvent(
                    events.size() + 1L,
                    each.project(),
                    each.kind(),
                    each.subject(),
                    each.version(),
                    each.field(),
                    each.before(),
                    each.after(),
                    each.by(),
                    each.at()));
        }
        undo.push(() -> events.subList(size, events.size()).clear());
    }

    @Override
    public boolean addTask(ItemId item, TaskId task) {
        boolean isNew = !tasks.containsKey(task);
        if (isNew) {
            put(tasks, task, item);
            item(item).ifPresent(each -> changed(each.project(), item.value()));
        }
        return isNew;
    }

    @Override
    public void addContent(String sha256, byte[] content) {
        if (!contents.containsKey(sha256)) {
            put(contents, sha256, content.clone());
        }
    }

    @Override
    public Optional<Project> project(ProjectId id) {
        return Optional.ofNullable(projects.get(id.name()));
    }

    @Override
    public Optional<Project> projectOf(String prefix) {
        return projects.values().stream()
                .filter(project -> project.prefix().equals(prefix))
                .findFirst();
    }

    @Override
    public List<Project> projects(Optional<ProjectId> after, int limit) {
        return projects.values().stream()
                .filter(each -> after.isEmpty()
                        || each.id().name().compareTo(after.get().name()) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Item> item(ItemId id) {
        return Optional.ofNullable(items.get(id.value()));
    }

    @Override
    public Optional<Item> item(ItemKey key) {
        // Keys that it had in other projects name an item for as long as those are there.
        return projectOf(key.prefix()).map(any -> keys.get(key)).map(items::get);
    }

    private Stream<Item> matching(ItemQuery query) {
        return items.values().stream()
                .filter(item -> item.project().equals(query.project()))
                .filter(item -> query.conditions().stream().allMatch(each -> holds(each, item)))
                .filter(item -> query.words().stream().allMatch(word -> hasWord(item, word)));
    }

    private boolean hasWord(Item item, String start) {
        String word = words.getOrDefault(item.id().value(), new TreeSet<>()).ceiling(start);
        return word != null && word.startsWith(start);
    }

    private static boolean holds(ItemCondition condition, Item item) {
        List<String> seen = values(condition, item);
        boolean isMet =
                condition.values().isEmpty() ? !seen.isEmpty() : seen.stream().anyMatch(condition.values()::contains);
        return isMet != condition.isNegated();
    }

    private static List<String> values(ItemCondition condition, Item item) {
        ItemDraft draft = item.draft();
        return switch (condition.aspect()) {
            case KIND -> List.of(draft.kind().name());
            case COLUMN -> List.of(String.valueOf(item.place().column().value()));
            case PRIORITY -> List.of(String.valueOf(draft.weight().priority()));
            case SEVERITY -> draft.weight().severity().map(Enum::name).stream().toList();
            case SIZE -> draft.weight().size().map(Enum::name).stream().toList();
            case REPORTER -> List.of(item.revision().createdBy().toString());
            case ASSIGNEE -> draft.assignees().stream().map(Object::toString).toList();
            case LABEL ->
                draft.labels().stream()
                        .map(each -> String.valueOf(each.value()))
                        .toList();
            case MILESTONE ->
                draft.plan().milestone().map(each -> String.valueOf(each.value())).stream()
                        .toList();
            case PARENT ->
                draft.plan().parent().map(each -> String.valueOf(each.value())).stream()
                        .toList();
            case BLOCKED ->
                draft.work().block().map(each -> each.reason().name()).stream().toList();
            case FIELD ->
                draft.fields().entrySet().stream()
                        .filter(each -> each.getKey().value() == condition.field())
                        .map(Map.Entry::getValue)
                        .toList();
        };
    }

    @Override
    public List<Item> items(ItemQuery query) {
        Comparator<Item> order = order(query);
        Stream<Item> found = matching(query).sorted(order);
        if (query.after().isPresent()) {
            ItemQuery.After after = query.after().get();
            found = found.filter(item -> {
                int value = compare(query.order(), ItemCodec.sortValue(item, query.order()), after.value());
                int all = value != 0 ? value : Long.compare(item.id().value(), after.id());
                return query.isDescending() ? all < 0 : all > 0;
            });
        }
        return found.limit(query.limit())
                .map(item -> item.with(item.draft().withBody(""), item.revision()))
                .toList();
    }

    private static Comparator<Item> order(ItemQuery query) {
        Comparator<Item> order = Comparator.<Item, String>comparing(
                        item -> ItemCodec.sortValue(item, query.order()),
                        (one, other) -> compare(query.order(), one, other))
                .thenComparing(Item::id);
        return query.isDescending() ? order.reversed() : order;
    }

    private static int compare(ItemOrder order, String one, String other) {
        return order == ItemOrder.POSITION
                ? one.compareTo(other)
                : Long.compare(Long.parseLong(one), Long.parseLong(other));
    }

    @Override
    public long count(ItemQuery query, long most) {
        return matching(query).limit(most).count();
    }

    @Override
    public Map<Long, Long> countByColumn(ProjectId project) {
        Map<Long, Long> counts = new TreeMap<>();
        items.values().stream()
                .filter(item -> item.project().equals(project))
                .forEach(item -> counts.merge(item.place().column().value(), 1L, Long::sum));
        return counts;
    }

    @Override
    public List<ItemId> children(Collection<ItemId> parents) {
        return items.values().stream()
                .filter(item ->
                        item.draft().plan().parent().filter(parents::contains).isPresent())
                .map(Item::id)
                .toList();
    }

    @Override
    public Optional<PartRow> part(SubjectKind kind, long id) {
        return Optional.ofNullable(parts(kind).get(id));
    }

    @Override
    public List<PartRow> parts(SubjectKind kind, ProjectId project, long owner, long after, int limit) {
        return parts(kind).tailMap(after, false).values().stream()
                .filter(row -> row.project().equals(project) && row.owner() == owner)
                .limit(limit)
                .toList();
    }

    @Override
    public List<ItemLink> links(ItemId item) {
        return links.keySet().stream()
                .filter(link -> link.from().equals(item) || link.to().equals(item))
                .sorted(Comparator.comparing(ItemLink::kind)
                        .thenComparing(ItemLink::from)
                        .thenComparing(ItemLink::to))
                .toList();
    }

    @Override
    public List<ItemLink> waiting(Collection<ItemId> some) {
        List<ItemLink> all = new ArrayList<>();
        for (ItemLink link : links.keySet()) {
            if (link.kind() == LinkKind.BLOCKS && some.contains(link.from())) {
                all.add(link);
            }
        }
        for (ItemId id : some) {
            item(id).flatMap(item -> item.draft().plan().parent())
                    .ifPresent(parent -> all.add(new ItemLink(id, parent, LinkKind.PARENT)));
        }
        return all;
    }

    private Stream<PlanEvent> about(ProjectId project, SubjectKind kind) {
        return events.stream().filter(each -> each.project().equals(project) && each.kind() == kind);
    }

    @Override
    public List<PlanEvent> events(ProjectId project, SubjectKind kind, long subject, long before, int limit) {
        return about(project, kind)
                .filter(each -> each.subject() == subject && each.sequence() < before)
                .sorted(Comparator.comparingLong(PlanEvent::sequence).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public List<PlanEvent> events(ProjectId project, long after, int limit) {
        return events.stream()
                .filter(each -> each.project().equals(project) && each.sequence() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public List<PlanEvent> itemEvents(ProjectId project, String field, long after, int limit) {
        return about(project, SubjectKind.ITEM)
                .filter(each -> each.field().equals(field) && each.sequence() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public Set<String> changedSince(ProjectId project, SubjectKind kind, long subject, long version) {
        Set<String> changed = new LinkedHashSet<>();
        about(project, kind)
                .filter(each -> each.subject() == subject && each.version() > version)
                .forEach(each -> changed.add(each.field()));
        return changed;
    }

    @Override
    public List<TaskId> tasks(ItemId item) {
        return tasks.entrySet().stream()
                .filter(each -> each.getValue().equals(item))
                .map(Map.Entry::getKey)
                .sorted()
                .limit(MOST_TASKS)
                .toList();
    }

    @Override
    public Optional<ItemId> itemOf(TaskId task) {
        return Optional.ofNullable(tasks.get(task));
    }

    @Override
    public Optional<byte[]> content(String sha256) {
        return Optional.ofNullable(contents.get(sha256)).map(byte[]::clone);
    }
}
