package dev.architect.project.store;

import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.Revision;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads and writes what several codecs have in common. */
final class PlanTexts {

    private PlanTexts() {}

    static <T> Optional<T> parsed(JsonFields fields, String name, Function<String, T> parser) {
        return fields.text(name).map(text -> checked(fields, name, () -> parser.apply(text)));
    }

    static Optional<LocalDate> day(JsonFields fields, String name) {
        return fields.text(name).map(text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException wrong) {
                throw fields.invalid(name, "'" + JsonFields.shorten(text) + "'", "a day as 2026-11-29");
            }
        });
    }

    static Optional<Instant> instant(JsonFields fields, String name) {
        return fields.text(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException wrong) {
                throw fields.invalid(name, "'" + JsonFields.shorten(text) + "'", "an instant as 2026-11-29T08:00:00Z");
            }
        });
    }

    /** Names the field of a value that its constructor refuses. */
    static <T> T checked(JsonFields fields, String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidFieldException named) {
            throw named;
        } catch (IllegalArgumentException wrong) {
            throw InvalidFieldException.value(fields.path(name), fields.path(name) + ": " + wrong.getMessage());
        }
    }

    /** Names the field that stands first in the message of a constructor, with the path of its object. */
    static <T> T named(JsonFields fields, Supplier<T> value) {
        String path = fields.path("");
        try {
            return value.get();
        } catch (InvalidFieldException named) {
            // The reader of the fields has named the whole path already.
            if (path.isEmpty() || named.field().startsWith(path)) {
                throw named;
            }
            throw InvalidFieldException.value(path + named.field(), path + named.getMessage());
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw InvalidFieldException.value(path + message.split(" ", 2)[0], path + message);
        }
    }

    static void put(Map<String, Object> fields, Revision revision) {
        fields.put("version", revision.version());
        fields.put("createdAt", revision.createdAt().toString());
        fields.put("createdBy", revision.createdBy().toString());
        fields.put("updatedAt", revision.updatedAt().toString());
        fields.put("updatedBy", revision.updatedBy().toString());
    }

    static Revision revision(JsonFields fields) {
        return new Revision(
                fields.exactDecimal("version", 1, Long.MAX_VALUE).orElseThrow().longValue(),
                instant(fields, "createdAt").orElseThrow(),
                Actor.parse(fields.requiredText("createdBy")),
                instant(fields, "updatedAt").orElseThrow(),
                Actor.parse(fields.requiredText("updatedBy")));
    }
}
