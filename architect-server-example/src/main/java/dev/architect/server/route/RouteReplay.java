package dev.architect.server.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.InvalidFileException;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionQuery;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.router.replay.PolicyReplay;
import dev.architect.router.replay.ReplayReport;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What recorded requests would have cost under another policy or by other prices. */
final class RouteReplay {

    private static final String POLICY = "policy";
    private static final String PRICES = "prices";
    private static final String FROM = "from";
    private static final String UNTIL = "until";
    private static final String MODEL = "model";
    private static final String PROJECT = "project";
    private static final String LIMIT = "limit";
    private static final int DEFAULT_LIMIT = 10_000;
    private static final int MAX_LIMIT = 100_000;

    static final Schema QUESTION = Schema.object()
            .required(POLICY, Schema.text())
            .optional(PRICES, Schema.text())
            .optional(FROM, Schema.instant())
            .optional(UNTIL, Schema.instant())
            .optional(MODEL, Schema.text())
            .optional(PROJECT, Schema.text())
            .optional(LIMIT, Schema.integer(1, MAX_LIMIT))
            .closed();

    private static final Schema SUMS = Schema.object()
            .required(List.of("requests", "compared"), Schema.integer())
            .required(List.of("recordedUsd", "replayedUsd", "differenceUsd"), Schema.number())
            .open();

    static final Schema REPORT = Schema.object()
            .all(SUMS)
            .required(List.of("answered", "changed", "unservable"), Schema.integer())
            .required("unpricedShare", Schema.number())
            .required(
                    "shifts",
                    Schema.list(Schema.object()
                            .required(MODEL, Schema.text())
                            .required("chosen", Schema.text().orNull())
                            .all(SUMS)
                            .open()))
            .open()
            .named("ReplayReport");

    private final Architect architect;

    RouteReplay(Architect architect) {
        this.architect = architect;
    }

    void replay(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(POLICY, PRICES, FROM, UNTIL, MODEL, PROJECT, LIMIT));
        RoutingPolicy policy = file(fields, POLICY, fields.requiredText(POLICY), RoutingPolicy::parse);
        PriceCatalogue prices = fields.text(PRICES)
                .map(text -> file(fields, PRICES, text, Prices::parse))
                .orElseGet(Prices::standard);
        int limit = fields.integer(LIMIT).orElse(DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw fields.invalid(LIMIT, LIMIT + " is " + limit + ", expected 1.." + MAX_LIMIT);
        }
        DecisionQuery query = new DecisionQuery(
                fields.text(FROM).map(text -> instant(fields, FROM, text)),
                fields.text(UNTIL).map(text -> instant(fields, UNTIL, text)),
                fields.text(MODEL).map(text -> fields.checked(MODEL, () -> ModelId.parse(text))),
                Optional.empty(),
                fields.text(PROJECT).map(text -> fields.checked(PROJECT, () -> new ProjectId(text))),
                Long.MAX_VALUE,
                DecisionQuery.MAX_LIMIT);
        ReplayReport report =
                PolicyReplay.under(policy, prices).replay(architect.records().findUpTo(query, limit));
        JsonResponseWriter.write(request, json(report));
    }

    private static <T> T file(BodyFields fields, String field, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (InvalidFileException wrong) {
            throw fields.invalid(field, String.valueOf(wrong.getMessage()));
        }
    }

    private static Instant instant(BodyFields fields, String field, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw fields.invalid(
                    field,
                    field + " is '" + BodyFields.shorten(text)
                            + "', expected a time in UTC such as 2026-03-01T12:00:00Z");
        }
    }

    private static ObjectNode json(ReplayReport report) {
        ObjectNode json = JsonResponseWriter.object()
                .put("requests", report.decisions().size())
                .put("answered", report.answered())
                .put("compared", report.compared())
                .put("changed", report.changed())
                .put("unservable", report.unservable())
                .put("unpricedShare", report.unpricedShare());
        JsonResponseWriter.putUsd(json, "recordedUsd", report.recorded());
        JsonResponseWriter.putUsd(json, "replayedUsd", report.replayed());
        JsonResponseWriter.putUsd(json, "differenceUsd", report.delta());
        ArrayNode shifts = json.putArray("shifts");
        report.shifts().forEach(shift -> {
            ObjectNode row = shifts.addObject()
                    .put(MODEL, shift.recorded().toString())
                    .put("chosen", shift.chosen().map(ModelId::toString).orElse(null))
                    .put("requests", shift.requests())
                    .put("compared", shift.compared());
            JsonResponseWriter.putUsd(row, "recordedUsd", shift.recordedCost());
            JsonResponseWriter.putUsd(row, "replayedUsd", shift.replayedCost());
            JsonResponseWriter.putUsd(row, "differenceUsd", shift.delta());
        });
        return json;
    }
}
