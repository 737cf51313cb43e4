package dev.architect.planner.approval.sample;

import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.check.ArgumentCheck;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads cases from lines of JSON. Immutable, safe for use by several threads. */
public final class ApprovalCaseReader {

    private static final Set<String> FIELDS = Set.of(
            "id",
            "kind",
            "action",
            "text",
            "parts",
            "argv",
            "path",
            "url",
            "method",
            "cwd",
            "env",
            "symlinks",
            "trustedPrograms",
            "wanted",
            "may",
            "atLeast",
            "why");

    /** A text that is made of pieces may be long, and must still fit into memory. */
    private static final int MAX_CHARACTERS = 16 * 1024 * 1024;

    private final String workspace;
    private final Instant time;

    /**
     * Creates a reader.
     *
     * @param policy whose workspace is where cases without a folder are
     * @param time the moment by which rules expire
     */
    public ApprovalCaseReader(ApprovalPolicy policy, Instant time) {
        workspace = ArgumentCheck.notNull("policy", policy).workspace();
        this.time = ArgumentCheck.notNull("time", time);
    }

    /**
     * Reads one line.
     *
     * @throws dev.architect.json.JsonException when it is no JSON object
     * @throws InvalidFieldException when a field is wrong or missing
     */
    public ApprovalCase read(String line) {
        Map<String, @Nullable Object> tree = JsonText.readObject(ArgumentCheck.notNull("line", line));
        JsonFields fields = JsonFields.parse(line);
        Context context = Context.builder(folder(fields), time)
                .environment(texts(fields, tree, "env"))
                .links(LinkReader.of(links(texts(fields, tree, "symlinks"))))
                .trustedPrograms(programs(tree.get("trustedPrograms")))
                .build();
        Action action = action(fields, tree);
        List<String> unknown = new ArrayList<>(
                tree.keySet().stream().filter(name -> !FIELDS.contains(name)).toList());
        if (action instanceof Action.Tool) {
            unknown.add("action");
        }
        return new ApprovalCase(
                fields.text("id").orElse(""),
                fields.text("kind").orElse(""),
                action,
                context,
                fields.text("atLeast").or(() -> fields.text("wanted")).map(word -> verdict(fields, word)),
                accepted(fields),
                unknown);
    }

    private static Verdict verdict(JsonFields fields, String word) {
        return switch (word) {
            case "allow" -> Verdict.ALLOW;
            case "ask" -> Verdict.ASK;
            case "deny" -> Verdict.DENY;
            default -> throw fields.invalid("wanted", "'" + JsonFields.shorten(word) + "'", "one of allow, ask, deny");
        };
    }

    private static Set<Verdict> accepted(JsonFields fields) {
        List<String> words = fields.isText("may") ? List.of(fields.requiredText("may")) : fields.texts("may");
        Set<Verdict> accepted = EnumSet.noneOf(Verdict.class);
        words.forEach(word -> accepted.add(verdict(fields, word)));
        return accepted;
    }

    private String folder(JsonFields fields) {
        return absolute(fields.text("cwd").orElse(workspace));
    }

    private String absolute(String path) {
        return path.startsWith("/") ? path : workspace + "/" + path;
    }

    private static Action action(JsonFields fields, Map<String, @Nullable Object> tree) {
        String kind = fields.requiredText("action");
        return switch (kind) {
            case "shell" -> new Action.Shell(fields.has("parts") ? joined(fields, tree) : fields.requiredText("text"));
            case "exec" -> new Action.Exec(fields.texts("argv"));
            case "edit", "write" -> new Action.Edit(fields.requiredText("path"));
            case "read" -> new Action.Read(fields.requiredText("path"));
            case "fetch" ->
                new Action.Fetch(
                        fields.requiredText("url"), fields.text("method").orElse("GET"));
            default -> new Action.Tool(kind, Map.of());
        };
    }

    /** Pieces are texts, pairs of a text and a count, or objects with both. */
    private static String joined(JsonFields fields, Map<String, @Nullable Object> tree) {
        StringBuilder text = new StringBuilder(fields.text("text").orElse(""));
        Object parts = tree.get("parts") instanceof Map<?, ?> one ? List.of(one) : tree.get("parts");
        if (parts instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof String piece
                && list.get(1) instanceof BigDecimal count) {
            repeat(fields, text, piece, count);
            return text.toString();
        }
        for (Object part : parts instanceof List<?> list ? list : List.of()) {
            if (part instanceof String piece) {
                repeat(fields, text, piece, BigDecimal.ONE);
            } else {
                String piece = null;
                BigDecimal count = BigDecimal.ONE;
                Iterable<?> values =
                        part instanceof Map<?, ?> map ? map.values() : part instanceof List<?> pair ? pair : List.of();
                for (Object value : values) {
                    if (value instanceof String found) {
                        piece = found;
                    } else if (value instanceof BigDecimal number) {
                        count = number;
                    }
                }
                if (piece == null) {
                    throw fields.invalid("parts", JsonText.kindOf(part), "texts, or pairs of a text and a count");
                }
                repeat(fields, text, piece, count);
            }
        }
        return text.toString();
    }

    private static void repeat(JsonFields fields, StringBuilder text, String piece, BigDecimal count) {
        long characters = count.min(BigDecimal.valueOf(MAX_CHARACTERS)).longValue() * piece.length();
        if (count.signum() < 0 || text.length() + characters > MAX_CHARACTERS) {
            throw fields.invalid(
                    "parts", "of more than " + MAX_CHARACTERS + " characters", "at most " + MAX_CHARACTERS);
        }
        text.append(piece.repeat(count.intValue()));
    }

    private Map<String, String> links(Map<String, String> given) {
        Map<String, String> links = new HashMap<>();
        given.forEach((link, target) -> {
            String path = absolute(link);
            links.put(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path, target);
        });
        return links;
    }

    /** An object of texts, or a list of {@code NAME=value}. */
    private static Map<String, String> texts(JsonFields fields, Map<String, @Nullable Object> tree, String name) {
        if (!(tree.get(name) instanceof List<?>)) {
            return fields.textsByName(name);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String item : fields.texts(name)) {
            int equals = item.indexOf('=');
            texts.put(equals < 0 ? item : item.substring(0, equals), equals < 0 ? "" : item.substring(equals + 1));
        }
        return texts;
    }

    /** Every absolute path in a list, or in an object as a name or a value. */
    private static Set<String> programs(@Nullable Object value) {
        Set<String> found = new LinkedHashSet<>();
        if (value instanceof String text && text.startsWith("/")) {
            found.add(text);
        } else if (value instanceof List<?> list) {
            list.forEach(item -> found.addAll(programs(item)));
        } else if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> found.addAll(programs(name)));
            map.values().forEach(item -> found.addAll(programs(item)));
        }
        return found;
    }

    /** Returns the case of a line, empty for a blank one. */
    public Optional<ApprovalCase> readIfAny(String line) {
        return ArgumentCheck.notNull("line", line).isBlank() ? Optional.empty() : Optional.of(read(line));
    }
}
