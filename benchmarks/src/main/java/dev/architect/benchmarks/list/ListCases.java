package dev.architect.benchmarks.list;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.filter.FilterField;
import dev.architect.maintenance.TaskFilterReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What is asked of the lists: of each field a value that many have, one that few have, one that none has and, where the field takes it, all but one;
 * combinations; and what is refused. For one thread.
 */
final class ListCases {

    private static final String TASKS = "/api/tasks";
    private static final String CALLS = "/api/calls";

    /** What of the parameters of a list of calls is no condition. */
    private static final Set<String> PLACES =
            Set.of("q", "zone", "cursor", "after", "before", "limit", "order", "period", "from", "until");

    private final Random random = new Random(3);
    private final int limit;
    private final Map<String, Supplier<String>> cases = new LinkedHashMap<>();
    private final Map<String, Supplier<String>> refused = new LinkedHashMap<>();
    private final Set<String> fields = new TreeSet<>();

    /** Makes the cases of pages of so many things; {@code openApi} is the server's description of itself. */
    ListCases(int limit, JsonNode openApi, List<String> knownTasks) {
        this.limit = limit;
        addTasks();
        requireAll("tasks", taskFields());
        fields.clear();
        addCalls(knownTasks);
        requireAll("calls", parameters(openApi.get("paths").get(CALLS).get("get")));
        addOthers(openApi);
    }

    /** The paths to ask for, by what they mean. */
    Map<String, Supplier<String>> cases() {
        return cases;
    }

    /** Paths that are to be answered with 400, since nothing finds what they ask for. */
    Map<String, Supplier<String>> refused() {
        return refused;
    }

    private static Set<String> taskFields() {
        Set<String> names = new TreeSet<>();
        TaskFilterReader.FIELDS.fields().stream()
                .filter(FilterField::isIndexed)
                .forEach(field -> names.add(field.name()));
        return names;
    }

    /** A field that a list has got since would be missing here without anybody noticing. */
    private void requireAll(String list, Set<String> declared) {
        Set<String> missing = new TreeSet<>(declared);
        missing.removeAll(fields);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("no case has the fields " + missing + " of " + list + ", expected all");
        }
    }

    private static Set<String> parameters(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")
                    && !PLACES.contains(parameter.path("name").asText())) {
                names.add(parameter.get("name").asText());
            }
        }
        return names;
    }

    private String path(String list, String filter) {
        return list + "?limit=" + limit + (list.equals(CALLS) && !filter.contains("created:") ? "&period=all" : "")
                + (filter.isEmpty() ? "" : "&q=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    private void add(String list, String name, Supplier<String> filter) {
        cases.put(list.substring(list.lastIndexOf('/') + 1) + ", " + name, () -> path(list, filter.get()));
    }

    private void field(String list, String field, Supplier<String> many, String few, String none) {
        fields.add(field);
        add(list, field + " of many", () -> field + ":" + many.get());
        add(list, field + " of few", () -> field + ":" + few);
        add(list, field + " of none", () -> field + ":" + none);
    }

    private void refuse(String list, String name, String filter) {
        refused.put(list.substring(list.lastIndexOf('/') + 1) + ", " + name + ", refused", () -> path(list, filter));
    }

    private int any(int most) {
        return random.nextInt(most);
    }

    private void addTasks() {
        String rare = ListSamples.RARE;
        add(TASKS, "all", () -> "");
        field(TASKS, "state", () -> "done", "dead", "held");
        add(TASKS, "several states", () -> "state:dead,cancelled,ready");
        add(TASKS, "all states but one", () -> "-state:done");
        field(TASKS, "type", () -> "type-" + any(ListSamples.TYPES), rare, "missing");
        add(TASKS, "all types but one", () -> "-type:type-" + any(ListSamples.TYPES));
        field(TASKS, "queue", () -> "default", rare, "missing");
        add(TASKS, "all queues but one", () -> "-queue:default");
        field(TASKS, "tenant", () -> "tenant-" + any(ListSamples.TENANTS), rare, "missing");
        add(TASKS, "all tenants but one", () -> "-tenant:tenant-" + any(ListSamples.TENANTS));
        field(TASKS, "project", () -> "project-" + any(ListSamples.PROJECTS), rare, "missing");
        field(
                TASKS,
                "created",
                () -> "-" + (1 + any(28)) + "d",
                "<-" + (ListSamples.SPAN.toDays() - 1) + "d",
                ">2999-01-01");
        add(TASKS, "created on a day", () -> "created:>=-" + (2 + any(26)) + "d created:<-" + 1 + "d");
        add(TASKS, "state and created", () -> "state:dead created:-" + (1 + any(28)) + "d");
        add(TASKS, "rare type and created", () -> "type:rare created:-29d");
        add(TASKS, "project and created", () -> "project:project-" + any(ListSamples.PROJECTS) + " created:-20d");
        add(TASKS, "rare project and created", () -> "project:rare created:-29d");
        add(TASKS, "rare project, state and created", () -> "project:rare state:dead created:-29d");
        add(TASKS, "rare project and all states but one", () -> "project:rare -state:done");
        add(
                TASKS,
                "state of a tenant, created",
                () -> "state:dead tenant:tenant-" + any(ListSamples.TENANTS) + " created:-25d");
        add(TASKS, "all but one, created", () -> "-tenant:tenant-1 -type:type-1 -state:done created:-20d");
        add(TASKS, "type of another time", () -> "type:" + ListSamples.EARLY + " created:-20d");
        add(TASKS, "type of another time, without created", () -> "type:" + ListSamples.EARLY);
        refuse(TASKS, "a word", "timeout");
        refuse(TASKS, "a field without index", "priority:high");
        refuse(TASKS, "all projects but one", "-project:project-1");
    }

    private void addCalls(List<String> knownTasks) {
        String rare = ListSamples.RARE;
        add(CALLS, "all", () -> "");
        field(CALLS, "provider", () -> "provider-" + any(ListSamples.PROVIDERS), rare, "missing");
        field(CALLS, "model", this::model, rare + "/" + rare, "missing/missing");
        field(CALLS, "project", () -> "project-" + any(ListSamples.PROJECTS), rare, "missing");
        field(CALLS, "user", () -> "user-" + any(ListSamples.USERS), rare, "missing");
        field(CALLS, "complexity", () -> "simple", "complex", "complex user:missing");
        field(CALLS, "outcome", () -> "answered", "failed", "rejected");
        field(CALLS, "costStatus", () -> "priced", "unpriced", "unpriced user:missing");
        field(CALLS, "serviceTier", () -> "standard", "flex", "missing");
        field(CALLS, "region", () -> "eu", rare, "missing");
        field(CALLS, "taskType", () -> "type-" + any(ListSamples.TYPES), rare, "missing");
        field(CALLS, "key", () -> "agent-" + any(ListSamples.AGENTS), rare, "missing");
        field(CALLS, "failure", () -> "overloaded", "timeout", "content-refused");
        field(CALLS, "tag", () -> "team=team-" + any(ListSamples.TEAMS), "team=" + rare, "team=missing");
        field(
                CALLS,
                "task",
                () -> knownTasks.get(any(knownTasks.size())),
                knownTasks.get(0),
                knownTasks.get(knownTasks.size() - 1));
        add(CALLS, "created", () -> "created:-" + (1 + any(28)) + "d");
        add(CALLS, "created in a time to come", () -> "created:>2999-01-01");
        add(CALLS, "rare user, created", () -> "user:rare created:-" + (10 + any(19)) + "d");
        add(CALLS, "user and model", () -> "user:user-" + any(ListSamples.USERS) + " model:" + model());
        add(CALLS, "rare user and rare provider", () -> "user:rare provider:rare");
        add(CALLS, "failures of a provider", () -> "failure:timeout provider:provider-" + any(ListSamples.PROVIDERS));
        add(CALLS, "user and tag", () -> "user:user-" + any(ListSamples.USERS) + " tag:team=rare");
        refuse(CALLS, "a word", "timeout");
        refuse(CALLS, "a field without index", "cost:>1");
        refuse(CALLS, "all providers but one", "-provider:provider-1");
    }

    private String model() {
        int number = any(ListSamples.MODELS);
        return "provider-" + number % ListSamples.PROVIDERS + "/model-" + number;
    }

    /** Every other list that has pages, as it is and with each of its conditions. */
    private void addOthers(JsonNode openApi) {
        openApi.get("paths").properties().forEach(path -> {
            JsonNode operation = path.getValue().path("get");
            if (!path.getKey().contains("{")
                    && !path.getKey().equals(TASKS)
                    && !path.getKey().equals(CALLS)
                    && isPaged(operation)) {
                String name = path.getKey().substring(path.getKey().lastIndexOf('/') + 1);
                cases.put(name + ", all", () -> path.getKey() + "?limit=" + limit);
                operation.get("parameters").forEach(parameter -> other(path.getKey(), name, parameter));
            }
        });
    }

    private static boolean isPaged(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        operation
                .path("parameters")
                .forEach(parameter -> names.add(parameter.path("name").asText()));
        return names.contains("limit")
                && (names.contains("cursor") || names.contains("before") || names.contains("after"));
    }

    private void other(String path, String name, JsonNode parameter) {
        String field = parameter.path("name").asText();
        if (!parameter.path("in").asText().equals("query") || PLACES.contains(field)) {
            return;
        }
        List<String> values = new ArrayList<>();
        parameter.path("schema").path("enum").forEach(word -> values.add(word.asText()));
        if (values.isEmpty()) {
            // Of kinds, states and names this is one that none has; a list that knows all of its words refuses it.
            values.add("missing");
        }
        for (String value : values) {
            cases.put(
                    name + ", " + field + " " + value,
                    () -> path + "?limit=" + limit + "&" + field + "="
                            + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
