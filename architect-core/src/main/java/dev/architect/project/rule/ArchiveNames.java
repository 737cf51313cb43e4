package dev.architect.project.rule;

import dev.architect.check.IdText;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.SubjectKind;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that stand for ids in the events of an archive. Events keep values as text, which is cut at its end. */
final class ArchiveNames {

    /** What names of things begin with that were deleted, and of which events are left. */
    static final String GONE = "x";

    private static final char MARK = '@';
    private static final Pattern ID_IN_LIST = Pattern.compile("(?<=[\\[,])\"([0-9a-z]{13})\"");
    private static final Pattern NAME_IN_LIST = Pattern.compile("(?<=[\\[,])\"@([a-z][0-9]{1,18})\"");
    private static final Pattern ID_OF_FIELD = Pattern.compile("(?<=[{,])\"([0-9a-z]{13})\"(?=:)");
    private static final Pattern NAME_OF_FIELD = Pattern.compile("(?<=[{,])\"@([a-z][0-9]{1,18})\"(?=:)");

    private ArchiveNames() {}

    static Optional<Long> id(String text) {
        try {
            return Optional.of(IdText.read("id", text));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    /** Returns a value of an event with names in place of ids. */
    static String named(PlanEvent event, String value, Map<Long, String> names) {
        Function<String, Optional<String>> name = id -> id(id).map(names::get).map(each -> MARK + each);
        return replaced(event.kind(), event.field(), value, ID_IN_LIST, ID_OF_FIELD, name);
    }

    /** Returns a value of an event with ids in place of names. */
    static String identified(SubjectKind kind, String field, String value, Map<String, Long> ids) {
        Function<String, Optional<String>> id = name -> Optional.of(name)
                .map(each -> ids.get(each.startsWith(String.valueOf(MARK)) ? each.substring(1) : each))
                .map(IdText::write);
        boolean isWhole = !value.startsWith(String.valueOf(MARK));
        if (isWhole && (field.equals("column") || field.equals("milestone") || field.equals("parent"))) {
            return value;
        }
        return replaced(kind, field, value, NAME_IN_LIST, NAME_OF_FIELD, id);
    }

    private static String replaced(
            SubjectKind kind,
            String field,
            String value,
            Pattern inList,
            Pattern ofField,
            Function<String, Optional<String>> replacement) {
        if (kind != SubjectKind.ITEM) {
            return value;
        }
        return switch (field) {
            case "column", "milestone", "parent" -> replacement.apply(value).orElse(value);
            case "labels" -> each(value, inList, replacement);
            case "fields" -> each(value, ofField, replacement);
            default -> value;
        };
    }

    private static String each(String value, Pattern pattern, Function<String, Optional<String>> replacement) {
        return pattern.matcher(value)
                .replaceAll(match -> Matcher.quoteReplacement(replacement
                        .apply(match.group(1))
                        .map(found -> "\"" + found + "\"")
                        .orElse(match.group())));
    }
}
