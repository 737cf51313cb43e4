package dev.architect.runtime;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.json.JsonFields;
import dev.architect.router.yaml.YamlObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the section {@code budgets} of a configuration file: an object for each budget, by name. */
final class BudgetReader {

    private static final String LIMIT = "limitUsd";
    private static final String PERIOD = "period";
    private static final String SCOPE = "scope";
    private static final String MODE = "mode";
    private static final Money ANY = new Money(1);

    private BudgetReader() {}

    static List<Budget> read(YamlObject entries) {
        List<Budget> budgets = new ArrayList<>();
        for (String name : entries.names()) {
            if (isName(entries, name)) {
                entries.object(name).flatMap(entry -> budget(name, entry)).ifPresent(budgets::add);
            }
        }
        return budgets;
    }

    private static boolean isName(YamlObject entries, String name) {
        try {
            new Budget(name, BudgetScope.ALL, BudgetPeriod.TOTAL, ANY, BudgetMode.HARD);
            return true;
        } catch (IllegalArgumentException wrong) {
            entries.problem(
                    name, "is not a name, expected 1 to 64 lower-case letters, digits, dots, dashes and underscores");
            return false;
        }
    }

    private static Optional<Budget> budget(String name, YamlObject entry) {
        entry.allowOnly(List.of(LIMIT, PERIOD, SCOPE, MODE));
        entry.require(LIMIT, "an amount in dollars").require(PERIOD, words(BudgetPeriod.values()));
        // All of them are read, so that one run reports every mistake.
        Optional<Money> limit = entry.amount(LIMIT).flatMap(usd -> limit(entry, usd));
        Optional<BudgetPeriod> period = word(entry, PERIOD, BudgetPeriod.values());
        Optional<BudgetMode> mode =
                entry.has(MODE) ? word(entry, MODE, BudgetMode.values()) : Optional.of(BudgetMode.HARD);
        Optional<BudgetScope> scope = entry.has(SCOPE) ? scope(entry) : Optional.of(BudgetScope.ALL);
        return limit.isPresent() && period.isPresent() && mode.isPresent() && scope.isPresent()
                ? Optional.of(new Budget(name, scope.get(), period.get(), limit.get(), mode.get()))
                : Optional.empty();
    }

    private static Optional<Money> limit(YamlObject entry, BigDecimal usd) {
        try {
            Money limit = Money.ofUsd(usd);
            if (limit.picoUsd() > 0) {
                return Optional.of(limit);
            }
            entry.problem(LIMIT, "is 0, expected more than 0");
        } catch (ArithmeticException notExact) {
            entry.problem(LIMIT, "does not fit, expected up to 9.2 million dollars with at most 12 decimal places");
        }
        return Optional.empty();
    }

    private static Optional<BudgetScope> scope(YamlObject entry) {
        return entry.text(
                SCOPE, "all, or one of provider, model, project, user, tag and task with a colon and a value", text -> {
                    try {
                        return BudgetScope.parse(text);
                    } catch (IllegalArgumentException wrong) {
                        return null;
                    }
                });
    }

    private static <E extends Enum<E>> Optional<E> word(YamlObject entry, String field, E[] constants) {
        return entry.text(
                field,
                words(constants),
                text -> Arrays.stream(constants)
                        .filter(constant -> JsonFields.wordOf(constant).equals(text))
                        .findFirst()
                        .orElse(null));
    }

    private static String words(Enum<?>[] constants) {
        return "one of " + Arrays.stream(constants).map(JsonFields::wordOf).collect(Collectors.joining(", "));
    }
}
