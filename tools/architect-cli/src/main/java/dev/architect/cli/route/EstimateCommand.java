package dev.architect.cli.route;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.router.bandit.BanditSettings;
import dev.architect.router.bandit.LoggedDecision;
import dev.architect.router.bandit.OffPolicyEvaluation;
import dev.architect.router.bandit.OffPolicyEvaluation.Estimate;
import dev.architect.router.bandit.OffPolicyEvaluation.Target;
import dev.architect.spi.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia route estimate}. */
@Command(
        name = "estimate",
        description = {
            "Estimates from the records of a store what other ways to choose would have brought, with 95 %% intervals.",
            "",
            "It reads decisions of a policy with a bandit about whose answers there is feedback. The reward of an answer is its score, less what"
                    + " its cost and its latency take from it."
        })
final class EstimateCommand implements Callable<Integer> {

    private static final int MOST_RECORDS = 100_000;

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Option(
            names = "--usd-weight",
            paramLabel = "N",
            defaultValue = "0",
            description = "What each dollar takes from the reward. Default: 0.")
    private double usdWeight;

    @Option(
            names = "--second-weight",
            paramLabel = "N",
            defaultValue = "0",
            description = "What each second takes from the reward. Default: 0.")
    private double secondWeight;

    EstimateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        BanditSettings settings;
        try {
            settings = new BanditSettings(usdWeight, secondWeight, BanditSettings.STANDARD.memory(), 1);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()), wrong);
        }
        List<LoggedDecision> log = log(settings);
        if (log.size() < OffPolicyEvaluation.LEAST_DECISIONS) {
            throw new CommandFailure("the store has " + log.size() + " such decisions with feedback, expected "
                    + OffPolicyEvaluation.LEAST_DECISIONS + " or more");
        }
        OffPolicyEvaluation evaluation = OffPolicyEvaluation.by(log);
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%,d decisions with feedback, reward %.3f%n",
                        log.size(),
                        log.stream()
                                .mapToDouble(LoggedDecision::reward)
                                .average()
                                .orElse(0));
        TextTable table = new TextTable("", "Doubly robust", "95 %", "Inverse propensity", "95 %", "Decisions");
        evaluation.models().stream()
                .sorted(Comparator.comparing(ModelId::toString))
                .forEach(model -> row(table, "all to " + model, evaluation, Target.always(model)));
        table.lines().forEach(terminal.out()::println);
        return 0;
    }

    private static void row(TextTable table, String name, OffPolicyEvaluation evaluation, Target target) {
        Estimate robust = evaluation.doublyRobust(target);
        Estimate inverse = evaluation.inversePropensity(target);
        table.row(
                name,
                number(robust.reward()),
                number(robust.low()) + " to " + number(robust.high()),
                number(inverse.reward()),
                number(inverse.low()) + " to " + number(inverse.high()),
                String.format(Locale.ROOT, "%.0f", inverse.effectiveDecisions()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private List<LoggedDecision> log(BanditSettings settings) {
        List<LoggedDecision> log = new ArrayList<>();
        try (Store store = data.open()) {
            long before = Long.MAX_VALUE;
            int read = 0;
            List<DecisionRecord> page;
            do {
                page = store.records()
                        .find(DecisionQuery.newest(DecisionQuery.MAX_LIMIT).withBefore(before));
                for (DecisionRecord record : page) {
                    LoggedDecision.of(record, settings).ifPresent(log::add);
                    before = record.sequence();
                }
                read += page.size();
            } while (page.size() == DecisionQuery.MAX_LIMIT && read < MOST_RECORDS);
        }
        return log;
    }
}
