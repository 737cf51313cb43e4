package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.SpendDimension;
import dev.architect.error.InvalidFileException;
import dev.architect.job.ledger.OtherPrices;
import dev.architect.ledger.Rerating;
import dev.architect.model.ModelId;
import dev.architect.runtime.cost.PriceTexts;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spend.RatedReport;
import dev.architect.spend.RatedSpend;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What recorded calls would have cost by other prices, or on other models. */
final class LedgerRerate {

    private static final String BY = "by";
    private static final String PRICES = "prices";
    private static final String EVERY = "as";
    private static final String MODELS = "replace";

    /** By which other prices. */
    static final Set<String> FIELDS = Set.of(PRICES, EVERY, MODELS);

    static final Schema RERATING = Schema.object()
            .optional(PRICES, Schema.text())
            .optional(EVERY, Schema.text())
            .optional(MODELS, Schema.map(Schema.text()))
            .closed();

    private static final Schema SUMS = Schema.object()
            .required(
                    List.of("calls", "changedCalls", "newlyPricedCalls", "newlyUnpricedCalls", "unpricedCalls"),
                    Schema.integer())
            .required(
                    List.of("recordedUsd", "ratedUsd", "estimatedUsd", "gainedUsd", "lostUsd", "differenceUsd"),
                    Schema.number())
            .open();

    static final Schema REPORT = Schema.object()
            .required(List.of("catalogueVersion", BY), Schema.text())
            .required(
                    "groups",
                    Schema.list(Schema.object()
                            .required("group", Schema.text())
                            .all(SUMS)
                            .open()))
            .required("total", SUMS)
            .required("unpricedModels", Schema.map(Schema.integer()))
            .open()
            .named("RatedReport");

    private final Architect architect;

    LedgerRerate(Architect architect) {
        this.architect = architect;
    }

    void rerate(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(BY));
        String by = parameters.query().text(BY).orElse(EnumWords.of(SpendDimension.MODEL));
        SpendDimension dimension = LedgerApi.dimension(by, EnumWords.list(SpendDimension.class));
        Rerating rerating = JsonBodyReader.readOptional(request)
                .map(body -> rerating(new BodyFields(body, "")))
                .orElseGet(() -> OtherPrices.USUAL.rerating(PriceTexts.standard()));
        RatedReport report = architect.ledger().rerate(rerating, dimension, parameters.filter(), parameters.period());
        JsonResponseWriter.write(request, json(by, dimension, report));
    }

    private static Rerating rerating(BodyFields fields) {
        fields.rejectUnknown(FIELDS);
        OtherPrices prices = prices(fields);
        return prices.rerating(
                prices.file().map(yaml -> catalogue(fields, yaml)).orElseGet(PriceTexts::standard));
    }

    private static PriceCatalogue catalogue(BodyFields fields, String yaml) {
        try {
            return PriceTexts.parse(yaml);
        } catch (InvalidFileException wrong) {
            throw invalid(fields, wrong);
        }
    }

    static ApiException invalid(BodyFields fields, InvalidFileException wrong) {
        return fields.invalid(PRICES, String.valueOf(wrong.getMessage()));
    }

    /** Reads the fields of {@link #FIELDS}. */
    static OtherPrices prices(BodyFields fields) {
        Optional<String> file = fields.text(PRICES);
        file.ifPresent(
                text -> fields.checked(PRICES, () -> new OtherPrices(Optional.of(text), Optional.empty(), Map.of())));
        Optional<ModelId> every =
                fields.has(EVERY) ? Optional.of(model(fields, EVERY, fields.requiredText(EVERY))) : Optional.empty();
        Map<ModelId, ModelId> models = new HashMap<>();
        fields.textsByName(MODELS)
                .forEach(
                        (answered, other) -> models.put(model(fields, MODELS, answered), model(fields, MODELS, other)));
        return fields.checked(MODELS, () -> new OtherPrices(file, every, models));
    }

    private static ModelId model(BodyFields fields, String field, String text) {
        return fields.checked(field, () -> ModelId.parse(text));
    }

    static ObjectNode json(String by, SpendDimension dimension, RatedReport report) {
        ObjectNode json = JsonResponseWriter.object()
                .put("catalogueVersion", report.catalogueVersion())
                .put(BY, by);
        ArrayNode groups = json.putArray("groups");
        report.groups()
                .forEach(group ->
                        put(groups.addObject().put("group", LedgerView.group(dimension, group.group())), group));
        put(json.putObject("total"), report.total());
        ObjectNode unpriced = json.putObject("unpricedModels");
        report.unpricedModels().forEach(unpriced::put);
        return json;
    }

    private static void put(ObjectNode json, RatedSpend spend) {
        json.put("calls", spend.calls().all())
                .put("changedCalls", spend.calls().changed())
                .put("newlyPricedCalls", spend.calls().newlyPriced())
                .put("newlyUnpricedCalls", spend.calls().newlyUnpriced())
                .put("unpricedCalls", spend.calls().unpriced());
        JsonResponseWriter.putUsd(json, "recordedUsd", spend.money().recorded());
        JsonResponseWriter.putUsd(json, "ratedUsd", spend.money().rated());
        JsonResponseWriter.putUsd(json, "estimatedUsd", spend.money().estimated());
        JsonResponseWriter.putUsd(json, "gainedUsd", spend.money().gained());
        JsonResponseWriter.putUsd(json, "lostUsd", spend.money().lost());
        JsonResponseWriter.putUsd(json, "differenceUsd", spend.money().difference());
    }
}
