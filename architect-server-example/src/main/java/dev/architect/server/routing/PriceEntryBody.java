package dev.architect.server.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.error.FileProblem;
import dev.architect.routing.PriceOverride;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonResponseWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;

/** Prices in the body of a request: an entry of a price file, without tiers of prompts and rates with times of their own. */
final class PriceEntryBody {

    private static final String PROVIDER = "provider";
    private static final String MODEL = "model";
    private static final String MATCH = "match";
    private static final String SERVICE_TIER = "serviceTier";
    private static final String REGION = "region";
    private static final String VALID_FROM = "validFrom";
    private static final String VALID_TO = "validTo";
    private static final String TOKENS = "usdPerMillionTokens";
    private static final String FEES = "usdPerThousand";
    private static final String HOUR = "usdPerHour";
    private static final String SOURCE = "source";
    private static final String CHECKED = "checked";

    private static final List<String> MATCHES = List.of("exact", "dated", "prefix");
    private static final Set<String> FIELDS = Set.of(
            PROVIDER, MODEL, MATCH, SERVICE_TIER, REGION, VALID_FROM, VALID_TO, TOKENS, FEES, HOUR, SOURCE, CHECKED);

    /** What is sent. */
    static final Schema ENTRY = Schema.object()
            .required(List.of(PROVIDER, MODEL), Schema.text())
            .optional(MATCH, Schema.words(MATCHES))
            .optional(SERVICE_TIER, Schema.text())
            .optional(REGION, Schema.text())
            .required(VALID_FROM, Schema.instant())
            .optional(VALID_TO, Schema.instant())
            .optional(TOKENS, Schema.map(Schema.number()))
            .optional(FEES, Schema.map(Schema.number()))
            .optional(HOUR, Schema.number())
            .required(SOURCE, Schema.text())
            .optional(CHECKED, Schema.text())
            .closed()
            .named("PriceEntry");

    private PriceEntryBody() {}

    /** Returns the entry as JSON; {@code now} is the day on which it was checked where none is stated. */
    static String read(BodyFields fields, Instant now) {
        fields.rejectUnknown(FIELDS);
        ObjectNode entry = JsonResponseWriter.object()
                .put(PROVIDER, fields.requiredText(PROVIDER))
                .put(MODEL, fields.requiredText(MODEL));
        fields.text(MATCH).ifPresent(word -> {
            if (!MATCHES.contains(word)) {
                throw fields.invalid(
                        MATCH, MATCH + " is '" + BodyFields.shorten(word) + "', expected one of " + MATCHES);
            }
            entry.put(MATCH, word);
        });
        fields.text(SERVICE_TIER).ifPresent(tier -> entry.put(SERVICE_TIER, tier));
        fields.text(REGION).ifPresent(region -> entry.put(REGION, region));
        entry.put(VALID_FROM, instant(fields, VALID_FROM, fields.requiredText(VALID_FROM)));
        fields.text(VALID_TO).ifPresent(time -> entry.put(VALID_TO, instant(fields, VALID_TO, time)));
        putRates(entry, fields, TOKENS);
        putRates(entry, fields, FEES);
        fields.decimal(HOUR).ifPresent(usd -> entry.put(HOUR, usd));
        if (!entry.has(TOKENS) && !entry.has(FEES) && !entry.has(HOUR)) {
            throw fields.invalid(TOKENS, TOKENS + " is missing, expected rates by kind of token");
        }
        entry.put(SOURCE, fields.requiredText(SOURCE));
        entry.put(CHECKED, day(fields, now));
        String text = entry.toString();
        if (text.length() > PriceOverride.MAX_ENTRY) {
            throw fields.invalid(
                    SOURCE,
                    SOURCE + " makes the entry " + text.length() + " characters long, expected at most "
                            + PriceOverride.MAX_ENTRY);
        }
        return text;
    }

    private static String instant(BodyFields fields, String name, String text) {
        try {
            return Instant.parse(text).toString();
        } catch (DateTimeParseException wrong) {
            throw fields.invalid(
                    name,
                    name + " is '" + BodyFields.shorten(text)
                            + "', expected a time in UTC such as 2026-03-01T00:00:00Z");
        }
    }

    private static String day(BodyFields fields, Instant now) {
        String text = fields.text(CHECKED)
                .orElseGet(() -> LocalDate.ofInstant(now, ZoneOffset.UTC).toString());
        try {
            return LocalDate.parse(text).toString();
        } catch (DateTimeParseException wrong) {
            throw fields.invalid(
                    CHECKED, CHECKED + " is '" + BodyFields.shorten(text) + "', expected a day such as 2026-03-01");
        }
    }

    private static void putRates(ObjectNode entry, BodyFields fields, String name) {
        if (!fields.has(name)) {
            return;
        }
        BodyFields given = fields.object(name);
        ObjectNode rates = entry.putObject(name);
        for (String kind : given.names()) {
            BigDecimal usd = given.decimal(kind)
                    .orElseThrow(() -> given.invalid(kind, name + "." + kind + " is null, expected dollars"));
            rates.put(kind, usd);
        }
    }

    /** The field of the body that a problem of its text is about. */
    static String field(FileProblem problem) {
        String field = problem.field().replaceFirst("^prices\\[0](\\.|$)", "");
        return field.isEmpty() ? PROVIDER : field;
    }
}
