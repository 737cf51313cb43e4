package dev.architect.server.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.control.CatalogueDifference;
import dev.architect.control.RouterControl;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.InvalidFileException;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How two catalogues of prices differ. */
final class PriceComparison {

    private static final String FROM = "from";
    private static final String TO = "to";
    private static final int MOST = 500;

    static final Schema QUESTION = Schema.object()
            .optional(FROM, Schema.text())
            .required(TO, Schema.text())
            .closed();

    static final Schema DIFFERENCES = Schema.object()
            .required(List.of("fromVersion", "toVersion"), Schema.text())
            .required(List.of("addedCount", "removedCount", "changedCount"), Schema.integer())
            .required(List.of("added", "removed"), Schema.list(PriceView.PRICE))
            .required(
                    "changed",
                    Schema.list(Schema.object()
                            .required(List.of("before", "after"), PriceView.PRICE)
                            .open()))
            .open();

    private final Architect architect;
    private final TimeSource time;

    PriceComparison(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    void compare(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(FROM, TO));
        RouterControl router = RoutingErrors.router(architect);
        PriceCatalogue after = catalogue(router, TO, fields.requiredText(TO));
        PriceCatalogue before = fields.text(FROM)
                .map(text -> catalogue(router, FROM, text))
                .orElseGet(() -> router.prices().catalogue());
        JsonResponseWriter.write(request, json(before, after));
    }

    private static PriceCatalogue catalogue(RouterControl router, String field, String text) {
        try {
            return router.parseCatalogue(text);
        } catch (InvalidFileException wrong) {
            throw RoutingErrors.invalid(field, wrong.fileProblems());
        }
    }

    private ObjectNode json(PriceCatalogue before, PriceCatalogue after) {
        Instant now = time.wallTime();
        CatalogueDifference difference = CatalogueDifference.between(before, after);
        ObjectNode json = JsonResponseWriter.object()
                .put("fromVersion", before.version())
                .put("toVersion", after.version())
                .put("addedCount", difference.added().size())
                .put("removedCount", difference.removed().size())
                .put("changedCount", difference.changed().size());
        put(json.putArray("added"), difference.added(), now);
        put(json.putArray("removed"), difference.removed(), now);
        ArrayNode changed = json.putArray("changed");
        difference.changed().stream().limit(MOST).forEach(change -> {
            ObjectNode row = changed.addObject();
            row.set("before", PriceView.json(change.before(), Optional.empty(), now));
            row.set("after", PriceView.json(change.after(), Optional.empty(), now));
        });
        return json;
    }

    private static void put(ArrayNode array, List<Price> prices, Instant now) {
        prices.stream().limit(MOST).forEach(price -> array.add(PriceView.json(price, Optional.empty(), now)));
    }
}
