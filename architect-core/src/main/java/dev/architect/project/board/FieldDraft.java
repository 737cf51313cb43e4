package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;

/**
 * What people may change of a custom field.
 *
 * @param name 1 to 60 characters, unique in its project without case
 * @param kind what values it takes
 * @param choices 1 to 100 texts of a {@link FieldKind#CHOICE}, each once; else none
 */
public record FieldDraft(String name, FieldKind kind, List<String> choices) {

    private static final int MAX_NAME_CHARACTERS = 60;
    private static final int MAX_VALUE_CHARACTERS = 1_000;
    private static final int MAX_CHOICES = 100;

    /** Copies the list and checks every field. */
    public FieldDraft {
        Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
        Check.notNull("kind", kind);
        choices = List.copyOf(Check.noNulls("choices", choices));
        Check.range(
                "choices size",
                choices.size(),
                kind == FieldKind.CHOICE ? 1 : 0,
                kind == FieldKind.CHOICE ? MAX_CHOICES : 0);
        choices.forEach(choice -> Check.atMost("choice", Check.notBlank("choice", choice), MAX_VALUE_CHARACTERS));
        if (new HashSet<>(choices).size() < choices.size()) {
            throw new IllegalArgumentException("choices are " + choices + ", expected each once");
        }
    }

    /**
     * Checks a value against the kind, and returns it as it is stored.
     *
     * @param path names the value in messages
     * @throws InvalidFieldException when the field does not take it
     */
    public String checked(String path, String value) {
        Check.atMost(path, Check.notBlank(path, value), MAX_VALUE_CHARACTERS);
        try {
            switch (kind) {
                case TEXT -> {}
                case NUMBER -> new BigDecimal(value);
                case DATE -> LocalDate.parse(value);
                case PEOPLE -> {
                    return Actor.parse(value).toString();
                }
                case CHOICE -> {
                    if (!choices.contains(value)) {
                        throw wrong(path, value, "one of " + choices);
                    }
                }
                case FLAG -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw wrong(path, value, "true or false");
                    }
                }
            }
            return value;
        } catch (NumberFormatException noNumber) {
            throw wrong(path, value, "a number");
        } catch (DateTimeParseException noDay) {
            throw wrong(path, value, "a day as 2026-11-29");
        } catch (InvalidFieldException named) {
            throw named;
        } catch (IllegalArgumentException nobody) {
            throw wrong(path, value, "a person or agent: " + nobody.getMessage());
        }
    }

    private static InvalidFieldException wrong(String path, String value, String expected) {
        return InvalidFieldException.value(
                path, path + " is '" + JsonFields.shorten(value) + "', expected " + expected);
    }
}
