package dev.architect.router.yaml;

import dev.architect.error.DidYouMean;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The fields of one object of a file. A getter returns the value of a field, or nothing when it is absent or wrong; what is
 * wrong becomes a problem of the file. Not safe for use by several threads.
 */
public final class YamlObject {

    private static final int SHOWN_CHARACTERS = 40;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private final YamlFile file;
    private final String path;
    private final Node node;
    private final Map<String, Node> fields = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();

    YamlObject(YamlFile file, String path, MappingNode node) {
        this.file = file;
        this.path = path;
        this.node = node;
        for (NodeTuple tuple : node.getValue()) {
            add(tuple.getKeyNode(), tuple.getValueNode());
        }
    }

    private void add(Node key, Node value) {
        if (!(key instanceof ScalarNode name)) {
            file.problem(key, path.isEmpty() ? "file" : path, "has a field whose name is not text, expected a name");
            return;
        }
        Node earlier = keys.putIfAbsent(name.getValue(), key);
        if (earlier != null) {
            file.problem(
                    key,
                    path(name.getValue()),
                    "is given twice, expected once; it is also in line " + YamlFile.line(earlier));
            return;
        }
        fields.put(name.getValue(), value);
    }

    /** The place of this object in the file, empty for the file itself. */
    public String path() {
        return path;
    }

    /** The line this object starts in, from 1. */
    public int line() {
        return YamlFile.line(node);
    }

    /** The character of its line at which this object starts, from 1. */
    public int column() {
        return YamlFile.column(node);
    }

    /** The names of the given fields, in their order. */
    public List<String> names() {
        return List.copyOf(fields.keySet());
    }

    /** Whether the field is given, be it right or wrong. */
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /** Makes a problem of every given field that is not among {@code known}, with the name that was probably meant. */
    public YamlObject allowOnly(List<String> known) {
        keys.forEach((name, at) -> {
            if (!known.contains(name)) {
                String hint = DidYouMean.of(name, known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse(known.isEmpty() ? "expected none" : "expected one of " + String.join(", ", known));
                file.problem(at, path(excerpt(name)), "is not a known field, " + hint);
            }
        });
        return this;
    }

    /** Makes a problem of a field that is not given. */
    public YamlObject require(String field, String expected) {
        if (!keys.containsKey(field)) {
            file.problem(node, path(field), "is missing, expected " + expected);
        }
        return this;
    }

    /** Makes a problem about a field's value. */
    public void problem(String field, String seenAndExpected) {
        file.problem(place(field), path(excerpt(field)), seenAndExpected);
    }

    /** The value of a field where it is in one place, else its name. */
    private Node place(String field) {
        Node value = fields.get(field);
        return value instanceof ScalarNode ? value : keys.getOrDefault(field, node);
    }

    /** A text that is not blank. */
    public Optional<String> text(String field) {
        return scalar(field, "text", text -> text.isBlank() ? null : text);
    }

    /** A text that {@code reader} understands; it answers null to what it does not. */
    public <T> Optional<T> text(String field, String expected, Function<String, @Nullable T> reader) {
        return scalar(field, expected, reader);
    }

    /** A whole number. */
    public Optional<Integer> integer(String field, int min, int max) {
        return scalar(field, min + ".." + max, text -> {
            if (!WHOLE.matcher(text).matches()) {
                return null;
            }
            long value = Long.parseLong(text);
            return value < min || value > max ? null : (Integer) (int) value;
        });
    }

    /** An exact decimal number, zero or more. */
    public Optional<BigDecimal> amount(String field) {
        return scalar(field, "a number of zero or more", text -> {
            BigDecimal value = NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
            return value == null || value.signum() < 0 ? null : value;
        });
    }

    /** A length of time such as {@code 500ms}, {@code 30s}, {@code 2m} or {@code 1h}. */
    public Optional<Duration> duration(String field, Duration min, Duration max) {
        return scalar(field, "a duration from " + excerpt(min) + " to " + excerpt(max), text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            Duration value = Duration.parse(
                    switch (matcher.group(2)) {
                        case "ms" ->
                            "PT"
                                    + BigDecimal.valueOf(Long.parseLong(matcher.group(1)), 3)
                                            .toPlainString() + "S";
                        default -> "PT" + matcher.group(1) + matcher.group(2).toUpperCase(Locale.ROOT);
                    });
            return value.compareTo(min) < 0 || value.compareTo(max) > 0 ? null : value;
        });
    }

    /** An instant: a day, which means its first moment in UTC, or a full time with its zone. */
    public Optional<Instant> instant(String field) {
        return scalar(field, "a day such as 2026-11-22 or an instant such as 2026-11-22T10:00:00Z", text -> {
            LocalDate day = day(text);
            return day == null
                    ? Instant.parse(text)
                    : day.atStartOfDay(ZoneOffset.UTC).toInstant();
        });
    }

    /** A day. */
    public Optional<LocalDate> day(String field, LocalDate latest) {
        return scalar(field, "a day such as 2026-11-22, not after " + latest, text -> {
            LocalDate day = LocalDate.parse(text);
            return day.isAfter(latest) ? null : day;
        });
    }

    /** True or false. */
    public Optional<Boolean> bool(String field) {
        return scalar(field, "true or false", text -> switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        });
    }

    /** An object of further fields. */
    public Optional<YamlObject> object(String field) {
        Node node = fields.get(field);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(new YamlObject(file, path(field), mapping));
        }
        problem(field, "is " + describe(node) + ", expected an object with fields");
        return Optional.empty();
    }

    /** The fields of an object whose values are texts, numbers or flags, as they are written; empty when absent. */
    public Map<String, String> texts(String field) {
        Map<String, String> values = new LinkedHashMap<>();
        object(field)
                .ifPresent(texts ->
                        texts.names().forEach(name -> texts.text(name).ifPresent(value -> values.put(name, value))));
        return values;
    }

    /** A list of texts that {@code reader} understands; it throws {@link IllegalArgumentException} for what it does not. */
    public <T> List<T> list(String field, String expected, Function<String, T> reader) {
        Node node = fields.get(field);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem(field, "is " + describe(node) + ", expected a list");
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            Node item = sequence.getValue().get(i);
            try {
                if (item instanceof ScalarNode scalar && !Tag.NULL.equals(item.getTag())) {
                    items.add(reader.apply(scalar.getValue()));
                    continue;
                }
            } catch (IllegalArgumentException unreadable) {
                // Reported below, with the place in the file.
            }
            file.problem(item, path(field) + "[" + i + "]", "is " + describe(item) + ", expected " + expected);
        }
        return items;
    }

    /** A list of objects; empty when absent or wrong. */
    public List<YamlObject> objects(String field) {
        Node node = fields.get(field);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem(field, "is " + describe(node) + ", expected a list of objects");
            return List.of();
        }
        List<YamlObject> objects = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            String place = path(field) + "[" + i + "]";
            Node item = sequence.getValue().get(i);
            if (item instanceof MappingNode mapping) {
                objects.add(new YamlObject(file, place, mapping));
            } else {
                file.problem(item, place, "is " + describe(item) + ", expected an object with fields");
            }
        }
        return objects;
    }

    /** As {@link #list}, where a single value may stand for a list of one. */
    public <T> List<T> oneOrMore(String field, String expected, Function<String, T> reader) {
        if (!(fields.get(field) instanceof ScalarNode scalar) || Tag.NULL.equals(scalar.getTag())) {
            return list(field, expected, reader);
        }
        try {
            return List.of(reader.apply(scalar.getValue()));
        } catch (IllegalArgumentException unreadable) {
            problem(field, "is " + describe(scalar) + ", expected " + expected);
            return List.of();
        }
    }

    /**
     * A list of objects with one field each, where a name may stand for an object whose field is an object without fields, and a single
     * name or object for a list of one; empty when absent or wrong.
     */
    public List<YamlObject> named(String field, String expected) {
        Node value = fields.get(field);
        if (value == null) {
            return List.of();
        }
        List<Node> items = value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
        List<YamlObject> objects = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String place = value instanceof SequenceNode ? path(field) + "[" + i + "]" : path(field);
            Node item = items.get(i);
            if (item instanceof ScalarNode name && !Tag.NULL.equals(item.getTag())) {
                objects.add(new YamlObject(file, place, objectOf(name)));
            } else if (item instanceof MappingNode mapping && mapping.getValue().size() == 1) {
                objects.add(new YamlObject(file, place, mapping));
            } else {
                file.problem(item, place, "is " + describe(item) + ", expected " + expected);
            }
        }
        return objects;
    }

    private static MappingNode objectOf(ScalarNode name) {
        MappingNode none = new MappingNode(
                Tag.MAP, true, List.of(), name.getStartMark(), name.getEndMark(), DumperOptions.FlowStyle.FLOW);
        return new MappingNode(
                Tag.MAP,
                true,
                List.of(new NodeTuple(name, none)),
                name.getStartMark(),
                name.getEndMark(),
                DumperOptions.FlowStyle.FLOW);
    }

    /** Makes a problem about one entry of a list, or about the field where it is no list. */
    public void problem(String field, int index, String seenAndExpected) {
        if (fields.get(field) instanceof SequenceNode sequence) {
            file.problem(sequence.getValue().get(index), path(field) + "[" + index + "]", seenAndExpected);
        } else {
            problem(field, seenAndExpected);
        }
    }

    /** How many entries the list has; 0 when it is none. */
    public int size(String field) {
        return fields.get(field) instanceof SequenceNode sequence
                ? sequence.getValue().size()
                : 0;
    }

    /** Whether nothing is wrong with the file so far. */
    public boolean isFileValid() {
        return file.isValid();
    }

    /** Whether the field is given as an object. */
    public boolean isObject(String field) {
        return fields.get(field) instanceof MappingNode;
    }

    /** Whether the field is given as a list. */
    public boolean isList(String field) {
        return fields.get(field) instanceof SequenceNode;
    }

    private <T> Optional<T> scalar(String field, String expected, Function<String, @Nullable T> reader) {
        Node node = fields.get(field);
        if (node == null) {
            return Optional.empty();
        }
        T value = null;
        if (node instanceof ScalarNode scalar && !Tag.NULL.equals(node.getTag())) {
            try {
                value = reader.apply(scalar.getValue());
            } catch (DateTimeException | IllegalArgumentException unreadable) {
                value = null;
            }
        }
        if (value == null) {
            problem(field, "is " + describe(node) + ", expected " + expected);
        }
        return Optional.ofNullable(value);
    }

    private String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private static @Nullable LocalDate day(String text) {
        return text.length() == "2026-11-22".length() ? LocalDate.parse(text) : null;
    }

    private static String describe(Node node) {
        if (node instanceof ScalarNode scalar) {
            if (Tag.NULL.equals(node.getTag())) {
                return "empty";
            }
            return NUMBER.matcher(scalar.getValue()).matches()
                    ? scalar.getValue()
                    : "'" + excerpt(scalar.getValue()) + "'";
        }
        return node instanceof SequenceNode ? "a list" : "an object";
    }

    private static String excerpt(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private static String excerpt(String text) {
        return excerpt(text, SHOWN_CHARACTERS);
    }

    /** Text on one line, cut after {@code most} characters. */
    static String excerpt(String text, int most) {
        String line = text.codePoints()
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .limit(most + 1L)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.codePointCount(0, line.length()) > most
                ? line.substring(0, line.offsetByCodePoints(0, most)) + "…"
                : line;
    }
}
