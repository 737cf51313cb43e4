package dev.architect.planner.approval;

import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.planner.check.ArgumentCheck;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads one rule from JSON. Thread safe: it has no state. */
final class RuleReader {

    static final Set<String> FIELDS = Set.of(
            "id",
            "decision",
            "run",
            "exact",
            "options",
            "optionsAnywhere",
            "operands",
            "most",
            "pattern",
            "hasOption",
            "read",
            "write",
            "fetch",
            "tool",
            "because",
            "scope",
            "examples");

    private static final Set<String> COMMAND_FIELDS =
            Set.of("exact", "options", "optionsAnywhere", "operands", "most", "pattern", "hasOption", "examples");

    private static final Set<String> TARGETS = Set.of("run", "read", "write", "fetch", "tool");

    private RuleReader() {}

    /**
     * Reads a rule.
     *
     * @param rule its fields
     * @param tree the same object as a tree, for lists of lists
     * @throws InvalidFieldException when a field is wrong, missing or unknown
     */
    static ApprovalRule read(JsonFields rule, Map<String, @Nullable Object> tree) {
        rule.allowOnly(FIELDS);
        String id = rule.requiredText("id");
        Verdict verdict = rule.constant("decision", Verdict.class)
                .orElseThrow(() -> rule.missing("decision", "one of allow, ask, deny"));
        List<String> targets = TARGETS.stream().filter(rule::has).sorted().toList();
        if (targets.size() != 1) {
            throw rule.invalid(
                    targets.isEmpty() ? "run" : targets.get(1),
                    targets.isEmpty() ? "missing" : "there beside " + targets.get(0),
                    "one of fetch, read, run, tool, write");
        }
        if (!targets.get(0).equals("run")) {
            COMMAND_FIELDS.stream().filter(rule::has).sorted().findFirst().ifPresent(field -> {
                throw rule.invalid(field, "there beside " + targets.get(0), "it beside run alone");
            });
        }
        RuleTarget target = switch (targets.get(0)) {
            case "run" -> command(rule, tree);
            case "read" -> new RuleTarget.Paths(false, oneOrMore(rule, "read"));
            case "write" -> new RuleTarget.Paths(true, oneOrMore(rule, "write"));
            case "tool" -> new RuleTarget.Tool(oneOrMore(rule, "tool"));
            default -> fetch(rule);
        };
        return guarded(
                rule,
                "",
                () -> new ApprovalRule(
                        id,
                        verdict,
                        target,
                        rule.object("scope").map(RuleReader::scope).orElse(RuleScope.everywhere()),
                        rule.text("because").orElse(""),
                        examples(rule, tree)));
    }

    /** Returns the fields of a rule, from which {@link #read} makes an equal one. */
    static Map<String, @Nullable Object> fields(ApprovalRule rule) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", rule.id());
        fields.put("decision", JsonFields.wordOf(rule.verdict()));
        if (rule.target() instanceof RuleTarget.Command command) {
            commandFields(fields, command);
        } else if (rule.target() instanceof RuleTarget.Paths paths) {
            fields.put(paths.isWrite() ? "write" : "read", paths.patterns());
        } else if (rule.target() instanceof RuleTarget.Tool tool) {
            fields.put("tool", tool.names());
        } else if (rule.target() instanceof RuleTarget.Fetch fetch) {
            Map<String, Object> where = new LinkedHashMap<>();
            where.put("scheme", fetch.scheme());
            where.put("host", fetch.host());
            where.put("port", fetch.port());
            where.put("method", fetch.method());
            fields.put("fetch", where);
        }
        if (!rule.because().isEmpty()) {
            fields.put("because", rule.because());
        }
        Map<String, Object> scope = new LinkedHashMap<>();
        rule.scope().project().ifPresent(value -> scope.put("project", value));
        rule.scope().requester().ifPresent(value -> scope.put("requester", value));
        rule.scope().branch().ifPresent(value -> scope.put("branch", value));
        rule.scope().run().ifPresent(value -> scope.put("run", value));
        rule.scope().until().ifPresent(value -> scope.put("until", value.toString()));
        if (!scope.isEmpty()) {
            fields.put("scope", scope);
        }
        if (!rule.examples().isEmpty()) {
            Map<String, Object> examples = new LinkedHashMap<>();
            examples.put("match", rule.examples().match());
            examples.put("differ", rule.examples().differ());
            fields.put("examples", examples);
        }
        return fields;
    }

    private static void commandFields(Map<String, @Nullable Object> fields, RuleTarget.Command command) {
        fields.put("run", command.run());
        if (command.isExact()) {
            fields.put("exact", true);
            return;
        }
        fields.put(
                "options", command.options().stream().map(OptionPattern::text).toList());
        fields.put(
                "operands",
                command.operands().isEmpty()
                        ? List.of("none")
                        : command.operands().stream().map(JsonFields::wordOf).toList());
        fields.put("most", command.most());
        command.pattern().ifPresent(pattern -> fields.put("pattern", pattern.pattern()));
        if (!command.hasOption().isEmpty()) {
            fields.put("hasOption", command.hasOption());
        }
    }

    private static RuleTarget.Command command(JsonFields rule, Map<String, @Nullable Object> tree) {
        List<OptionPattern> options = new ArrayList<>();
        for (String option : rule.texts("options")) {
            options.add(guarded(rule, "options", () -> OptionPattern.parse(option)));
        }
        Optional<Pattern> pattern = rule.text("pattern").map(text -> {
            try {
                return Pattern.compile(text);
            } catch (PatternSyntaxException broken) {
                throw rule.invalid("pattern", "no regular expression", "one");
            }
        });
        // Where options stand among operands is free in every rule; the field says that it is so on purpose.
        rule.flag("optionsAnywhere", true);
        List<OperandKind> operands = operands(rule);
        return guarded(
                rule,
                "run",
                () -> new RuleTarget.Command(
                        run(rule, tree),
                        rule.flag("exact", false),
                        options,
                        operands,
                        rule.integer("most", 0, 200).orElse(RuleTarget.Command.USUAL_MOST),
                        pattern,
                        rule.texts("hasOption")));
    }

    /** {@code run} is a list of words, of which each may be a list of alternatives. */
    private static List<List<String>> run(JsonFields rule, Map<String, @Nullable Object> tree) {
        List<List<String>> run = new ArrayList<>();
        if (!(tree.get("run") instanceof List<?> words)) {
            throw rule.invalid("run", JsonText.kindOf(tree.get("run")), "a list of words");
        }
        for (Object word : words) {
            String field = "run[" + run.size() + "]";
            run.add(word instanceof String text ? List.of(text) : words(rule, field, word));
        }
        return run;
    }

    private static List<String> words(JsonFields rule, String field, @Nullable Object value) {
        if (!(value instanceof List<?> items)) {
            throw rule.invalid(field, JsonText.kindOf(value), "a word, or a list of them");
        }
        List<String> words = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof String text)) {
                throw rule.invalid(field + "[" + words.size() + "]", JsonText.kindOf(item), "text");
            }
            words.add(text);
        }
        return words;
    }

    /** {@code operands} is a list, or one text with commas between its words. */
    private static List<OperandKind> operands(JsonFields rule) {
        List<String> words = rule.isText("operands")
                ? List.of(rule.requiredText("operands").trim().split("\\s*,\\s*"))
                : rule.texts("operands");
        if (words.equals(List.of("none"))) {
            return List.of();
        }
        List<OperandKind> kinds = new ArrayList<>();
        for (String word : words) {
            kinds.add(guarded(rule, "operands", () -> OperandKind.ofWord("operands", word)));
        }
        return kinds;
    }

    private static RuleTarget.Fetch fetch(JsonFields rule) {
        JsonFields fetch = rule.object("fetch").orElseThrow();
        fetch.allowOnly(Set.of("scheme", "host", "port", "method"));
        String scheme = fetch.text("scheme").orElse("https");
        return guarded(
                rule,
                "fetch",
                () -> new RuleTarget.Fetch(
                        scheme,
                        fetch.requiredText("host"),
                        fetch.integer("port", 1, 65_535).orElse(scheme.equals("http") ? 80 : 443),
                        fetch.text("method").orElse("GET")));
    }

    private static RuleScope scope(JsonFields scope) {
        scope.allowOnly(Set.of("project", "requester", "branch", "run", "until"));
        return new RuleScope(
                scope.text("project"),
                scope.text("requester"),
                scope.text("branch"),
                scope.text("run"),
                scope.text("until").map(text -> instant(scope, text)));
    }

    private static Instant instant(JsonFields scope, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException noTime) {
            throw scope.invalid(
                    "until", "'" + JsonFields.shorten(text) + "'", "a time with its offset such as 2027-03-01T00:00Z");
        }
    }

    private static ApprovalRule.Examples examples(JsonFields rule, Map<String, @Nullable Object> tree) {
        Optional<JsonFields> given = rule.object("examples");
        if (given.isEmpty() || !(tree.get("examples") instanceof Map<?, ?> examples)) {
            return ApprovalRule.Examples.none();
        }
        given.get().allowOnly(Set.of("match", "differ"));
        return new ApprovalRule.Examples(
                argvs(rule, "examples.match", examples.get("match")),
                argvs(rule, "examples.differ", examples.get("differ")));
    }

    private static List<List<String>> argvs(JsonFields rule, String field, @Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw rule.invalid(field, JsonText.kindOf(value), "a list of commands");
        }
        List<List<String>> argvs = new ArrayList<>();
        for (Object item : items) {
            argvs.add(words(rule, field + "[" + argvs.size() + "]", item));
        }
        return argvs;
    }

    private static List<String> oneOrMore(JsonFields rule, String field) {
        return rule.isText(field) ? List.of(rule.requiredText(field)) : rule.texts(field);
    }

    private interface Making<T> {
        T make();
    }

    /** Gives a refusal of a value the place of its field. */
    private static <T> T guarded(JsonFields rule, String field, Making<T> making) {
        try {
            return making.make();
        } catch (InvalidFieldException known) {
            throw known;
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            String first = message.split("[ \\[]", 2)[0];
            String at = rule.path(FIELDS.contains(first) ? first : field.isEmpty() ? "id" : field);
            throw InvalidFieldException.value(at, ArgumentCheck.notNull("message", message));
        }
    }
}
