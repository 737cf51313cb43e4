package dev.architect.cli.demo;

import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.router.evaluation.CrossValidation;
import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.AnswerModelTrainer;
import dev.architect.router.learned.QualityDial;
import dev.architect.router.learned.RoutingModel;
import dev.architect.router.learned.RoutingModelTrainer;
import dev.architect.router.learned.RoutingOutcome;
import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.RecordedAnswers;
import dev.architect.spi.TokenCounter;
import dev.architect.usage.TokenUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What recorded questions cost, and how many of the answers are right, by several ways to choose between the cheap and the strong model: all to
 * one of them, by the length of the question, by a learned model before the call, and by a learned check of the cheap answer. Each question
 * is chosen for by models and thresholds that were learned from the other four fifths.
 *
 * @param cheap whose prices the cheap answers have
 * @param strong whose prices the strong answers have
 * @param questions how many have both answers
 * @param ways the ways, in the order in which they are shown
 */
record QuestionComparison(ModelId cheap, ModelId strong, int questions, List<Way> ways) {

    /** Fewer questions than that are not learned from: four fifths of them must be enough. */
    static final int LEAST_QUESTIONS = RoutingModelTrainer.LEAST_ROWS * 5 / 4;

    /** The part of the strong model's quality that every way aims at. */
    static final double QUALITY = 0.95;

    private static final ModelId CHEAP = ModelId.parse("openai/gpt-4o-mini");
    private static final ModelId STRONG = ModelId.parse("claude/claude-sonnet-4-6");

    /**
     * A way to choose.
     *
     * @param name what it is called
     * @param correct how many answers are right
     * @param strong how many questions went to the strong model
     * @param cost what all calls cost
     */
    record Way(String name, int correct, int strong, MoneyTotal cost) {}

    QuestionComparison {
        ways = List.copyOf(ways);
    }

    /** Returns the comparison of the first {@code count} prompts; those without both answers are left out. Training takes a while. */
    static QuestionComparison of(PromptFile file, int count, PriceCatalogue prices, Instant at, long seed) {
        List<RoutingOutcome> outcomes = new ArrayList<>();
        List<MoneyTotal> cheapCosts = new ArrayList<>();
        List<MoneyTotal> strongCosts = new ArrayList<>();
        RecordedAnswers answers = file.answers();
        for (String prompt : file.prompts().subList(0, count)) {
            Optional<String> cheap = answers.text(prompt, ModelStrength.CHEAP);
            Optional<String> strong = answers.text(prompt, ModelStrength.STRONG);
            if (cheap.isPresent() && strong.isPresent()) {
                outcomes.add(new RoutingOutcome(
                        prompt,
                        quality(answers, prompt, ModelStrength.STRONG),
                        quality(answers, prompt, ModelStrength.CHEAP),
                        Optional.empty(),
                        cheap));
                cheapCosts.add(cost(CHEAP, prompt, cheap.get(), prices, at));
                strongCosts.add(cost(STRONG, prompt, strong.get(), prices, at));
            }
        }
        QuestionComparison none = new QuestionComparison(CHEAP, STRONG, outcomes.size(), List.of());
        return none.with(outcomes, cheapCosts, strongCosts, seed);
    }

    private static double quality(RecordedAnswers answers, String prompt, ModelStrength strength) {
        return answers.correct(prompt, strength).orElse(false) ? 1 : 0;
    }

    private static MoneyTotal cost(ModelId model, String prompt, String answer, PriceCatalogue prices, Instant at) {
        TokenCounter tokens = TokenCounter.fourCharacters();
        Cost cost = prices.cost(model, TokenUsage.of(tokens.count(model, prompt), tokens.count(model, answer)), at);
        return cost.amount().map(amount -> MoneyTotal.ZERO.plus(amount)).orElse(MoneyTotal.ZERO);
    }

    private QuestionComparison with(
            List<RoutingOutcome> outcomes, List<MoneyTotal> cheapCosts, List<MoneyTotal> strongCosts, long seed) {
        List<Way> all = new ArrayList<>();
        double[] never = new double[outcomes.size()];
        Arrays.fill(never, -1);
        all.add(way("all to the cheap model", never, false, outcomes, cheapCosts, strongCosts));
        all.add(way("all to the strong model", new double[outcomes.size()], false, outcomes, cheapCosts, strongCosts));
        if (outcomes.size() >= LEAST_QUESTIONS) {
            CrossValidation folds = new CrossValidation(outcomes);
            all.add(way(
                    "by length",
                    folds.scores(QuestionComparison::byLength, seed),
                    false,
                    outcomes,
                    cheapCosts,
                    strongCosts));
            all.add(way(
                    "by a learned model",
                    folds.scores(
                            (training, number) -> {
                                RoutingModel model =
                                        RoutingModelTrainer.withSeed(number).train(training);
                                double threshold =
                                        model.dial().forQuality(QUALITY).threshold();
                                return outcome -> model.assess(outcome.prompt()).score() - threshold;
                            },
                            seed),
                    false,
                    outcomes,
                    cheapCosts,
                    strongCosts));
            all.add(way(
                    "cheap first, checked",
                    folds.scores(
                            (training, number) -> {
                                AnswerModel model =
                                        AnswerModelTrainer.withSeed(number).train(training);
                                double threshold =
                                        model.dial().forQuality(QUALITY).threshold();
                                return outcome -> model.score(
                                                outcome.prompt(),
                                                outcome.weakAnswer().orElseThrow())
                                        - threshold;
                            },
                            seed),
                    true,
                    outcomes,
                    cheapCosts,
                    strongCosts));
        }
        return new QuestionComparison(cheap, strong, questions, all);
    }

    private static ToDoubleFunction<RoutingOutcome> byLength(List<RoutingOutcome> training, long seed) {
        QualityDial dial = QualityDial.of(
                training.stream().mapToDouble(QuestionComparison::length).toArray(),
                training.stream().mapToDouble(RoutingOutcome::strong).toArray(),
                training.stream().mapToDouble(RoutingOutcome::weak).toArray());
        double threshold = dial.forQuality(QUALITY).threshold();
        return outcome -> length(outcome) - threshold;
    }

    private static double length(RoutingOutcome outcome) {
        return outcome.prompt().codePointCount(0, outcome.prompt().length());
    }

    /** A question whose score is zero or more goes to the strong model. */
    private static Way way(
            String name,
            double[] scores,
            boolean isChecked,
            List<RoutingOutcome> outcomes,
            List<MoneyTotal> cheapCosts,
            List<MoneyTotal> strongCosts) {
        int correct = 0;
        int strong = 0;
        MoneyTotal cost = MoneyTotal.ZERO;
        for (int row = 0; row < scores.length; row++) {
            boolean isStrong = scores[row] >= 0;
            strong += isStrong ? 1 : 0;
            correct += (int)
                    (isStrong ? outcomes.get(row).strong() : outcomes.get(row).weak());
            // A check comes after the cheap answer, which is paid for whatever it finds.
            cost = isStrong ? cost.plus(strongCosts.get(row)) : cost;
            cost = !isStrong || isChecked ? cost.plus(cheapCosts.get(row)) : cost;
        }
        return new Way(name, correct, strong, cost);
    }

    /** Renders it for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "The same %,d questions with prices of %s and %s, aiming at %.0f %% of the strong model's right answers:",
                questions,
                cheap,
                strong,
                100 * QUALITY));
        TextTable table = new TextTable("", "Right", "Right, %", "To the strong", "Cost");
        for (Way way : ways) {
            table.row(
                    way.name(),
                    DemoSummary.count(way.correct()),
                    String.format(Locale.ROOT, "%.1f", 100.0 * way.correct() / Math.max(1, questions)),
                    DemoSummary.count(way.strong()),
                    DemoSummary.money(way.cost()));
        }
        lines.addAll(table.lines());
        lines.add(
                questions < LEAST_QUESTIONS
                        ? "Other ways to choose are learned from " + LEAST_QUESTIONS + " questions or more."
                        : "Each question was chosen for by what was learned from the others.");
        return lines;
    }
}
