package dev.architect.server.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.control.PriceSourceException;
import dev.architect.control.PriceStatus;
import dev.architect.control.RouterControl;
import dev.architect.cost.Price;
import dev.architect.creation.CreatedAnswer;
import dev.architect.error.CapacityException;
import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import dev.architect.model.ModelId;
import dev.architect.node.SharedDocument;
import dev.architect.routing.PriceOverride;
import dev.architect.routing.Routing;
import dev.architect.routing.StaleSettingException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.PageCursor;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Prices: those that calls get, those that people put on top of the catalogue, and the source of newer ones. */
public final class PriceApi {

    private static final String PATH = "/api/prices";
    private static final String ONE = PATH + "/{id}";
    private static final String READ_AREA = "costs";
    private static final String AREA = "prices";
    private static final String PROVIDER = "provider";
    private static final String MODEL = "model";
    private static final String AT = "at";
    private static final String LIMIT = "limit";
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;
    private static final int CONFLICT = 409;
    private static final String SEPARATOR = "\n";

    private static final Schema SOURCE = Schema.object()
            .required(List.of("askedAt", "answeredAt"), Schema.instant().orNull())
            .required("failed", Schema.truth())
            .open()
            .named("PriceSource");

    private static final Schema OVERRIDE = Schema.object()
            .required(List.of("id", "by"), Schema.text())
            .required("version", Schema.integer())
            .required(AT, Schema.instant())
            .required("entry", Schema.map(Schema.any()))
            .required("prices", Schema.list(PriceView.PRICE))
            .open()
            .named("PriceOverride");

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource; {@code time} says how old prices are. */
    public PriceApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listPrices", PATH, Permission.read(READ_AREA), this::list)
                        .summary("Lists what calls cost, with the times from which and to which each price counts.")
                        .query(PROVIDER, Schema.text(), "Only those of this provider.")
                        .query(MODEL, Schema.text(), "Only those that price this model, as its provider names it.")
                        .query(AT, Schema.instant(), "Only those that count at this time.")
                        .query(PageCursor.CURSOR, Schema.text(), "The page at next of the one before.")
                        .query(LIMIT, Schema.integer(1, MAX_LIMIT), "How many at most.")
                        .answer(
                                200,
                                "A page of prices.",
                                Schema.object()
                                        .required(List.of("catalogueVersion", "ownVersion"), Schema.text())
                                        .required("oldestDays", Schema.integer())
                                        .required("source", SOURCE.orNull())
                                        .required("refused", Schema.text().orNull())
                                        .required("prices", Schema.list(PriceView.PRICE))
                                        .required("next", Schema.text().orNull())
                                        .open())
                        .refuses(400, "cursor-mismatch")
                        .refuses(CONFLICT, "wrong-state"),
                Operation.get("getPrice", ONE, Permission.read(READ_AREA), this::show)
                        .summary("Shows prices that were put on top of the catalogue.")
                        .answer(200, "The prices.", OVERRIDE)
                        .refuses(404, "not-found")
                        .refuses(CONFLICT, "wrong-state"),
                Operation.post("createPrice", PATH, Permission.write(AREA), this::create)
                        .summary(
                                "Puts prices on top of the catalogue, on all nodes: while they are valid, only they count.")
                        .body(PriceEntryBody.ENTRY)
                        .creating()
                        .answer(201, "The prices are in force.", OVERRIDE)
                        .refuses(CONFLICT, "wrong-state", "not-possible", "too-many"),
                Operation.put("savePrice", ONE, Permission.write(AREA), this::save)
                        .summary("Replaces prices that were put on top of the catalogue.")
                        .ifMatch()
                        .body(PriceEntryBody.ENTRY)
                        .answer(200, "The prices.", OVERRIDE)
                        .refuses(404, "not-found")
                        .refuses(CONFLICT, "wrong-state", "not-possible"),
                Operation.delete("deletePrice", ONE, Permission.write(AREA), this::remove)
                        .summary("Takes prices from the top of the catalogue, which counts again.")
                        .ifMatch()
                        .answer(204, "They count no more.")
                        .refuses(404, "not-found")
                        .refuses(CONFLICT, "wrong-state"),
                Operation.post("refreshPrices", PATH + "/refresh", Permission.write(AREA), this::refresh)
                        .summary("Asks the source of prices now.")
                        .answer(
                                200,
                                "It has answered.",
                                Schema.object()
                                        .required("changed", Schema.truth())
                                        .required("catalogueVersion", Schema.text())
                                        .open())
                        .refuses(CONFLICT, "wrong-state")
                        .refuses(502, "price-source-failed"),
                Operation.post(
                                "comparePrices",
                                PATH + "/compare",
                                Permission.read(READ_AREA),
                                new PriceComparison(architect, time)::compare)
                        .summary("Says how a price file differs from another one, or from the prices that calls get.")
                        .body(PriceComparison.QUESTION)
                        .answer(200, "The differences.", PriceComparison.DIFFERENCES)
                        .refuses(CONFLICT, "wrong-state"));
    }

    private Routing routing() {
        return architect.routing();
    }

    private RouterControl router() {
        return RoutingErrors.router(architect);
    }

    private void list(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of(PROVIDER, MODEL, AT, PageCursor.CURSOR, LIMIT));
        Optional<String> provider = query.text(PROVIDER);
        Optional<String> model = query.text(MODEL);
        Optional<Instant> at = query.instant(AT);
        int limit = query.integer(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT);
        String asked = String.join(
                SEPARATOR,
                "prices",
                provider.orElse(""),
                model.orElse(""),
                at.map(Instant::toString).orElse(""));
        Optional<String> after = query.text(PageCursor.CURSOR)
                .map(text -> PageCursor.parse(PageCursor.CURSOR, text, asked).place());
        PriceStatus status = router().prices();
        Instant now = time.wallTime();
        List<Price> found = status.catalogue().prices().stream()
                .filter(price ->
                        provider.filter(name -> !price.provider().equals(name)).isEmpty())
                .filter(price -> model.filter(name -> !prices(price, name)).isEmpty())
                .filter(price -> at.filter(instant -> !price.isValidAt(instant)).isEmpty())
                .sorted(Comparator.comparing(PriceApi::place))
                .filter(price -> after.filter(place -> place(price).compareTo(place) <= 0)
                        .isEmpty())
                .limit(limit + 1L)
                .toList();
        Map<Price, String> overrides = routing().pricesOnTop();
        ObjectNode answer = JsonResponseWriter.object()
                .put("catalogueVersion", status.catalogue().version())
                .put("ownVersion", status.ownVersion())
                .put(
                        "oldestDays",
                        status.catalogue().prices().stream()
                                .filter(price -> price.isValidAt(now))
                                .mapToLong(price -> PriceView.ageDays(price, now))
                                .max()
                                .orElse(0));
        answer.set("source", status.source().map(PriceApi::json).orElse(null));
        answer.put("refused", routing().refusal().orElse(null));
        ArrayNode prices = answer.putArray("prices");
        found.stream()
                .limit(limit)
                .forEach(price -> prices.add(PriceView.json(price, Optional.ofNullable(overrides.get(price)), now)));
        answer.put(
                "next", found.size() <= limit ? null : new PageCursor(false, place(found.get(limit - 1))).text(asked));
        JsonResponseWriter.write(request, answer);
    }

    private static boolean prices(Price price, String model) {
        return price.matches(new ModelId(price.provider(), model));
    }

    /** The order of the list; no two prices of a catalogue have the same place. */
    private static String place(Price price) {
        return String.join(
                SEPARATOR,
                price.provider(),
                price.model(),
                price.match().name(),
                price.serviceTier(),
                price.region().orElse(""),
                String.format("%012d", price.tier().tokens()) + price.tier().bound(),
                price.validFrom().toString());
    }

    private static ObjectNode json(PriceStatus.Source source) {
        return JsonResponseWriter.object()
                .put("askedAt", source.askedAt().map(Instant::toString).orElse(null))
                .put("answeredAt", source.answeredAt().map(Instant::toString).orElse(null))
                .put("failed", source.hasFailed());
    }

    private PriceOverride find(Context request) {
        String id = request.pathParam("id");
        router();
        return routing().override(id).orElseThrow(() -> missing(id));
    }

    private static ApiException missing(String id) {
        return ApiException.notFound("price " + BodyFields.shorten(id)
                + " does not exist, expected the id of one that was put on top of the catalogue");
    }

    private void show(Context request) {
        write(request, find(request));
    }

    private void write(Context request, PriceOverride override) {
        EntityTag.put(request, override.version());
        JsonResponseWriter.write(request, json(override));
    }

    private ObjectNode json(PriceOverride override) {
        ObjectNode json = JsonResponseWriter.object()
                .put("id", override.id())
                .put("by", override.by())
                .put("version", override.version())
                .put(AT, override.at().toString());
        JsonNode entry = JsonResponseWriter.parsed(override.entry()).orElseGet(JsonResponseWriter::object);
        json.set("entry", entry);
        ArrayNode prices = json.putArray("prices");
        Instant now = time.wallTime();
        router().parsePrices(override.entry())
                .forEach(price -> prices.add(PriceView.json(price, Optional.of(override.id()), now)));
        return json;
    }

    private String entry(BodyFields fields) {
        return PriceEntryBody.read(fields, time.wallTime());
    }

    private static String by(Context request) {
        return AccessFilter.principal(request).actor();
    }

    private void create(Context request) {
        router();
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        String entry = entry(fields);
        PriceOverride price = told(fields, () -> routing().prepare(entry, by(request)));
        CreatedAnswer answer = Creations.answer(
                201, Map.of("Location", PATH + "/" + price.id(), "ETag", EntityTag.of(price.version())), json(price));
        Creations.respond(
                request,
                made -> made instanceof SharedDocument document && Routing.holds(document, price)
                        ? Optional.of(answer)
                        : Optional.empty(),
                () -> {
                    told(fields, () -> routing().add(price));
                    return answer;
                },
                first -> {});
    }

    /** Returns what {@code change} does, or throws the error to respond with. */
    private static <T> T told(BodyFields fields, Supplier<T> change) {
        try {
            return change.get();
        } catch (InvalidFileException wrong) {
            FileProblem first = wrong.fileProblems().get(0);
            String field = PriceEntryBody.field(first);
            throw fields.invalid(field, field + " " + first.message());
        } catch (CapacityException full) {
            throw new ApiException(CONFLICT, "too-many", String.valueOf(full.getMessage()), null, null);
        } catch (IllegalArgumentException overlapping) {
            throw new ApiException(CONFLICT, "not-possible", String.valueOf(overlapping.getMessage()), null, null);
        }
    }

    private void save(Context request) {
        PriceOverride before = find(request);
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        String entry = entry(fields);
        try {
            PriceOverride saved = told(fields, () -> routing().edit(before.id(), version, entry, by(request)))
                    .orElseThrow(() -> missing(before.id()));
            write(request, saved);
        } catch (StaleSettingException stale) {
            throw stale(before.id(), stale);
        }
    }

    private ApiException stale(String id, StaleSettingException stale) {
        PriceOverride now = routing().override(id).orElseThrow(() -> missing(id));
        return EntityTag.stale(stale.expected(), now.version(), json(now), Set.of("entry"));
    }

    private void remove(Context request) {
        PriceOverride before = find(request);
        long version = EntityTag.required(request);
        try {
            if (!routing().remove(before.id(), version)) {
                throw missing(before.id());
            }
        } catch (StaleSettingException stale) {
            throw stale(before.id(), stale);
        }
        request.status(204);
    }

    private void refresh(Context request) {
        try {
            boolean isChanged = router().refreshPrices();
            JsonResponseWriter.write(
                    request,
                    JsonResponseWriter.object()
                            .put("changed", isChanged)
                            .put(
                                    "catalogueVersion",
                                    router().prices().catalogue().version()));
        } catch (UnsupportedOperationException none) {
            throw RoutingErrors.wrongState("the router of this server has no source of prices, expected one");
        } catch (PriceSourceException failed) {
            throw new ApiException(
                    502,
                    "price-source-failed",
                    "the source of prices did not answer, and the prices stay; the server's log names the reason",
                    null,
                    null);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ApiException(503, "store-closed", "the server is stopping", null, null);
        }
    }
}
