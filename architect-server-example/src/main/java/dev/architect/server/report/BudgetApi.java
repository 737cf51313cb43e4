package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetReservation;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.cost.Money;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Limits on what calls cost: how they stand, and what an operator changes about them. */
public final class BudgetApi {

    private static final String PATH = "/api/budgets";
    private static final String ONE = PATH + "/{name}";
    private static final String NAME = "name";
    private static final String SCOPE = "scope";
    private static final String PERIOD = "period";
    private static final String LIMIT = "limitUsd";
    private static final String MODE = "mode";

    private static final String MOST = "limit";
    private static final int DEFAULT_MOST = 50;

    private static final String AREA = "budgets";

    private static final Schema BUDGET = Schema.object()
            .required(List.of(NAME, SCOPE, "version"), Schema.text())
            .required(PERIOD, Schema.words(BudgetPeriod.class))
            .required(MODE, Schema.words(BudgetMode.class))
            .required(List.of(LIMIT, "spentUsd", "reservedUsd", "leftUsd"), Schema.number())
            .required("periodStart", Schema.instant())
            .required("resetsAt", Schema.instant().orNull())
            .open()
            .named("Budget");

    private final Architect architect;

    /** Creates the resource. */
    public BudgetApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listBudgets", PATH, Permission.read(AREA), this::list)
                        .summary("Lists limits on spending and how they stand.")
                        .answer(
                                200,
                                "All budgets.",
                                Schema.object()
                                        .required("budgets", Schema.list(BUDGET))
                                        .open()),
                Operation.get("getBudget", ONE, Permission.read(AREA), this::show)
                        .summary("Shows a budget.")
                        .answer(200, "The budget.", BUDGET)
                        .refuses(404, "not-found"),
                Operation.get(
                                "listBudgetReservations",
                                ONE + "/reservations",
                                Permission.read(AREA),
                                this::reservations)
                        .summary("Lists what calls on their way hold back of a budget, what is free soonest first.")
                        .query(MOST, Schema.integer(1, BudgetStore.MOST_RESERVATIONS), "How many at most.")
                        .answer(
                                200,
                                "The reservations.",
                                Schema.object()
                                        .required(
                                                "reservations",
                                                Schema.list(Schema.object()
                                                        .required("id", Schema.text())
                                                        .required("amountUsd", Schema.number())
                                                        .required(List.of("periodStart", "expiresAt"), Schema.instant())
                                                        .open()))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.put("saveBudget", ONE, Permission.write(AREA), this::set)
                        .summary("Adds or replaces a budget.")
                        .body(Schema.object()
                                .optional(SCOPE, Schema.text())
                                .required(PERIOD, Schema.words(BudgetPeriod.class))
                                .required(LIMIT, Schema.number())
                                .optional(MODE, Schema.words(BudgetMode.class))
                                .closed())
                        .answer(200, "The budget.", BUDGET),
                Operation.patch("updateBudget", ONE, Permission.write(AREA), this::update)
                        .summary("Changes some of a budget; what was spent counts on unless scope or period change.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(SCOPE, Schema.text().orNull())
                                .optional(PERIOD, Schema.words(BudgetPeriod.class))
                                .optional(LIMIT, Schema.number())
                                .optional(MODE, Schema.words(BudgetMode.class).orNull())
                                .closed())
                        .answer(200, "The budget.", BUDGET)
                        .refuses(404, "not-found"),
                Operation.delete("deleteBudget", ONE, Permission.write(AREA), this::remove)
                        .summary("Removes a budget that is as it was read.")
                        .ifMatch()
                        .answer(200, "The budget as it stood.", BUDGET)
                        .refuses(404, "not-found"));
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode budgets = answer.putArray("budgets");
        architect.budgets().states().forEach(state -> budgets.add(json(state)));
        JsonResponseWriter.write(request, answer);
    }

    private void show(Context request) {
        write(request, find(request));
    }

    private BudgetState find(Context request) {
        String name = request.pathParam(NAME);
        return architect.budgets().find(name).orElseThrow(() -> missing(name));
    }

    private static void write(Context request, BudgetState state) {
        EntityTag.put(request, state.budget().version());
        JsonResponseWriter.write(request, json(state));
    }

    private void reservations(Context request) {
        int most = new QueryParameters(request, Set.of(MOST))
                .integer(MOST, 1, BudgetStore.MOST_RESERVATIONS, DEFAULT_MOST);
        String name = request.pathParam(NAME);
        if (architect.budgets().find(name).isEmpty()) {
            throw missing(name);
        }
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode reservations = answer.putArray("reservations");
        for (BudgetReservation held : architect.budgets().reservations(name, most)) {
            ObjectNode row = reservations.addObject().put("id", held.reservation());
            JsonResponseWriter.putUsd(row, "amountUsd", Optional.of(held.amount()));
            row.put("periodStart", held.periodStart().toString())
                    .put("expiresAt", held.expiresAt().toString());
        }
        JsonResponseWriter.write(request, answer);
    }

    private void set(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(SCOPE, PERIOD, LIMIT, MODE));
        BudgetScope scope = scope(fields).orElse(BudgetScope.ALL);
        BudgetPeriod period = word(fields, BudgetPeriod.class, PERIOD, Optional.empty());
        BudgetMode mode = word(fields, BudgetMode.class, MODE, Optional.of(BudgetMode.HARD));
        architect.budgets().set(budget(fields, request.pathParam(NAME), scope, period, limit(fields), mode));
        show(request);
    }

    private static Optional<BudgetScope> scope(BodyFields fields) {
        return fields.text(SCOPE).map(text -> fields.checked(SCOPE, () -> BudgetScope.parse(text)));
    }

    private static Budget budget(
            BodyFields fields, String name, BudgetScope scope, BudgetPeriod period, Money limit, BudgetMode mode) {
        // Everything else is right then, so that each error names its own field.
        fields.checked(NAME, () -> new Budget(name, scope, period, new Money(1), mode));
        return fields.checked(LIMIT, () -> new Budget(name, scope, period, limit, mode));
    }

    /** What is absent stays; a scope that is null is that of all calls, and a mode that is null is hard. */
    private void update(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(SCOPE, PERIOD, LIMIT, MODE));
        long seen = EntityTag.required(request);
        Budget before = find(request).budget();
        BudgetScope scope = scope(fields).orElse(fields.isRemoved(SCOPE) ? BudgetScope.ALL : before.scope());
        BudgetPeriod period = fields.names().contains(PERIOD)
                ? word(fields, BudgetPeriod.class, PERIOD, Optional.empty())
                : before.period();
        BudgetMode mode = word(
                fields, BudgetMode.class, MODE, Optional.of(fields.isRemoved(MODE) ? BudgetMode.HARD : before.mode()));
        Money limit = fields.names().contains(LIMIT) ? limit(fields) : before.limit();
        Budget wanted = budget(fields, before.name(), scope, period, limit, mode);
        if (before.version() != seen || !architect.budgets().change(wanted, before)) {
            throw stale(request, seen);
        }
        show(request);
    }

    private static Money limit(BodyFields fields) {
        BigDecimal usd = fields.decimal(LIMIT)
                .orElseThrow(() -> fields.invalid(LIMIT, LIMIT + " is missing, expected an amount in dollars"));
        try {
            return Money.ofUsd(usd);
        } catch (ArithmeticException notExact) {
            throw fields.invalid(
                    LIMIT,
                    LIMIT + " is " + BodyFields.shorten(usd.toString()) + ", expected up to 9.2 million dollars"
                            + " with at most 12 decimal places");
        }
    }

    private static <E extends Enum<E>> E word(BodyFields fields, Class<E> type, String name, Optional<E> usual) {
        Optional<String> text = fields.text(name);
        if (text.isEmpty() && usual.isPresent()) {
            return usual.get();
        }
        return text.flatMap(word -> EnumWords.parse(type, word))
                .orElseThrow(() -> fields.invalid(
                        name,
                        name + " is "
                                + text.map(word -> "'" + BodyFields.shorten(word) + "'")
                                        .orElse("missing") + ", expected one of " + EnumWords.list(type)));
    }

    private void remove(Context request) {
        long seen = EntityTag.required(request);
        BudgetState state = find(request);
        if (state.budget().version() != seen || !architect.budgets().remove(state.budget())) {
            throw stale(request, seen);
        }
        JsonResponseWriter.write(request, json(state));
    }

    /** Returns the refusal of a change that was made from another version; 404 when the budget is there no more. */
    private ApiException stale(Context request, long seen) {
        BudgetState now = find(request);
        return EntityTag.stale(seen, now.budget().version(), json(now), List.of());
    }

    private static ApiException missing(String name) {
        return ApiException.notFound(
                "budget " + BodyFields.shorten(name) + " does not exist, expected the name of one");
    }

    /** Returns a budget as the lists show it. */
    public static ObjectNode json(BudgetState state) {
        Budget budget = state.budget();
        ObjectNode json = JsonResponseWriter.object()
                .put(NAME, budget.name())
                .put(SCOPE, budget.scope().toString())
                .put(PERIOD, EnumWords.of(budget.period()))
                .put(MODE, EnumWords.of(budget.mode()))
                .put("version", Long.toString(budget.version()));
        JsonResponseWriter.putUsd(json, LIMIT, Optional.of(budget.limit()));
        JsonResponseWriter.putUsd(json, "spentUsd", Optional.of(state.spent()));
        JsonResponseWriter.putUsd(json, "reservedUsd", Optional.of(state.reserved()));
        JsonResponseWriter.putUsd(json, "leftUsd", Optional.of(state.left()));
        json.put("periodStart", state.periodStart().toString());
        json.put("resetsAt", state.resetsAt().map(Instant::toString).orElse(null));
        return json;
    }
}
