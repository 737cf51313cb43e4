package dev.architect.cli.route;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.router.evaluation.CrossValidation;
import dev.architect.router.evaluation.OutcomeReader;
import dev.architect.router.evaluation.ResampledGap;
import dev.architect.router.evaluation.RoutingCurve;
import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.AnswerModelTrainer;
import dev.architect.router.learned.PriceDial;
import dev.architect.router.learned.QualityDial;
import dev.architect.router.learned.QualityModel;
import dev.architect.router.learned.QualityModelTrainer;
import dev.architect.router.learned.RoutingModel;
import dev.architect.router.learned.RoutingModelTrainer;
import dev.architect.router.learned.RoutingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia route}: records of decisions, and models that learn from outcomes. */
@Command(
        name = "route",
        description = "Shows and replays records of decisions, and trains models that route by recorded outcomes.")
public final class RouteCommand implements Runnable {

    private static final double[] PARTS = {0.9, 0.95, 0.98, 0.99, 1};
    private static final double[] PRICE_PARTS = {0.25, 0.5, 0.75, 1};

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private RouteCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new RouteCommand())
                .addSubcommand(new TrainCommand(terminal))
                .addSubcommand(new EvaluateCommand(terminal))
                .addSubcommand(new EstimateCommand(terminal))
                .addSubcommand(new RecordsCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new FeedbackCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia route train}. */
    @Command(
            name = "train",
            description = {
                "Trains a model on recorded outcomes of a strong and a weak model.",
                "",
                "FILE is a CSV file, gzip or not, with the columns prompt, strong and weak, and if they are known group and answer. strong and"
                        + " weak are True, False or a quality from 0 to 1; answer is what the weak model said.",
                "",
                "With --prices it trains a model that chooses among several models: FILE then has prompt, a column of qualities for each of"
                        + " them, and if the tasks are known group."
            })
    static final class TrainCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Parameters(paramLabel = "FILE", description = "The outcomes, as CSV.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(names = "--to", paramLabel = "FILE", required = true, description = "The model file to write.")
        @SuppressWarnings("NullAway.Init")
        private Path to;

        @Option(names = "--seed", defaultValue = "1", description = "The same seed gives the same file. Default: 1.")
        private long seed;

        @Option(
                names = "--answers",
                description =
                        "Trains a model that checks answers of the weak model, and not one that looks at prompts alone.")
        private boolean ofAnswers;

        @Option(
                names = "--weak-price",
                paramLabel = "PART",
                description =
                        "What the weak model costs as a part of the strong one, such as 0.05: the expected saving is shown.")
        private @Nullable Double weakPrice;

        @Option(
                names = "--prices",
                paramLabel = "MODEL=PRICE",
                split = ",",
                description = "The price of each of several models, in one unit, such as small=0.2,large=0.9.")
        private Map<String, Double> prices = Map.of();

        TrainCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            if (weakPrice != null && !(weakPrice >= 0 && weakPrice <= 1)) {
                throw new CommandFailure("--weak-price is " + weakPrice + ", expected 0 to 1");
            }
            if (!prices.isEmpty()) {
                if (ofAnswers || weakPrice != null) {
                    throw new CommandFailure("--prices is there with " + (ofAnswers ? "--answers" : "--weak-price")
                            + ", expected one of both");
                }
                trainSeveral();
                return 0;
            }
            List<RoutingOutcome> outcomes = OutcomeReader.standard().read(file);
            if (ofAnswers) {
                AnswerModel model = AnswerModelTrainer.withSeed(seed).train(outcomes);
                write(model.toBytes(), model.rows(), model.dial());
            } else {
                RoutingModel model = RoutingModelTrainer.withSeed(seed).train(outcomes);
                write(model.toBytes(), model.rows(), model.dial());
            }
            return 0;
        }

        private void trainSeveral() throws IOException {
            QualityModel model =
                    QualityModelTrainer.withSeed(seed).train(OutcomeReader.readSeveral(file, prices.keySet()), prices);
            write(model.toBytes(), model.rows());
            double dearest = prices.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0);
            TextTable table = new TextTable("At most", "Mean price", "Quality", "Weight of a unit of price");
            for (double part : PRICE_PARTS) {
                PriceDial.Setting setting = model.dial().forPrice(part * dearest);
                table.row(
                        String.format(Locale.ROOT, "%.3f", part * dearest),
                        String.format(Locale.ROOT, "%.3f", setting.price()),
                        String.format(Locale.ROOT, "%.3f", setting.quality()),
                        String.format(Locale.ROOT, "%.4f", setting.priceWeight()));
            }
            table.lines().forEach(terminal.out()::println);
        }

        private void write(byte[] bytes, int rows) throws IOException {
            // Whole or not at all: a router may be reading the file it replaces.
            Path next = to.resolveSibling(to.getFileName() + ".next");
            Files.write(next, bytes);
            Files.move(next, to, StandardCopyOption.REPLACE_EXISTING);
            terminal.out().printf(Locale.ROOT, "%s: trained on %,d outcomes, %,d bytes%n", to, rows, bytes.length);
        }

        private void write(byte[] bytes, int rows, QualityDial dial) throws IOException {
            write(bytes, rows);
            for (double part : PARTS) {
                QualityDial.Setting setting = dial.forQuality(part);
                terminal.out()
                        .printf(
                                Locale.ROOT,
                                "%3.0f %% of the strong model's quality: %.0f %% of the prompts to it%s%n",
                                100 * part,
                                100 * setting.strongShare(),
                                saving(setting));
            }
        }

        private String saving(QualityDial.Setting setting) {
            if (weakPrice == null) {
                return "";
            }
            double cost = ofAnswers ? setting.cascadeCost(weakPrice) : setting.routedCost(weakPrice);
            return String.format(Locale.ROOT, ", expected saving %.1f %% of its cost", 100 * (1 - cost));
        }
    }

    /** {@code gaia route evaluate}. */
    @Command(
            name = "evaluate",
            description = {
                "Shows how well a learned router ranks the prompts of a file, each scored by a model that has not seen it, beside the length"
                        + " of the prompt: in five parts, with a 95 %% interval. With --model it judges that model instead.",
                "",
                "APGR is the part of the gap between the models that is recovered, averaged over all shares of strong answers: 0.5 at random."
            })
    static final class EvaluateCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Parameters(paramLabel = "FILE", description = "The outcomes, as CSV.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(names = "--model", paramLabel = "FILE", description = "A model that was trained on other outcomes.")
        private @Nullable Path model;

        @Option(names = "--seed", defaultValue = "1", description = "Default: 1.")
        private long seed;

        EvaluateCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            List<RoutingOutcome> outcomes = OutcomeReader.standard().read(file);
            double[] learned = scores(outcomes);
            double[] lengths = new double[learned.length];
            for (int row = 0; row < lengths.length; row++) {
                String prompt = outcomes.get(row).prompt();
                // Equal lengths in the order of the file.
                lengths[row] = prompt.codePointCount(0, prompt.length()) + 1e-9 * row;
            }
            double[] strong =
                    outcomes.stream().mapToDouble(RoutingOutcome::strong).toArray();
            double[] weak = outcomes.stream().mapToDouble(RoutingOutcome::weak).toArray();
            RoutingCurve curve = RoutingCurve.of(learned, strong, weak);
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "%,d outcomes: strong %.1f %%, weak %.1f %%%n",
                            learned.length,
                            100 * curve.strongQuality(),
                            100 * curve.weakQuality());
            ResampledGap ofLength = ResampledGap.of(List.of(lengths), strong, weak);
            ResampledGap ofLearned = ResampledGap.of(List.of(learned), strong, weak);
            print("length", RoutingCurve.of(lengths, strong, weak), ofLength.interval());
            print("learned", curve, ofLearned.interval());
            ResampledGap.Interval difference = ofLearned.differenceTo(ofLength);
            terminal.out()
                    .printf(Locale.ROOT, "learned less length [%+.3f, %+.3f]%n", difference.low(), difference.high());
            return 0;
        }

        private double[] scores(List<RoutingOutcome> outcomes) throws IOException {
            if (model != null) {
                RoutingModel given = RoutingModel.load(model);
                return outcomes.stream()
                        .mapToDouble(outcome -> given.assess(outcome.prompt()).score())
                        .toArray();
            }
            return new CrossValidation(outcomes)
                    .scores(
                            (training, number) -> {
                                RoutingModel trained =
                                        RoutingModelTrainer.withSeed(number).train(training);
                                return outcome ->
                                        trained.assess(outcome.prompt()).score();
                            },
                            seed);
        }

        private void print(String router, RoutingCurve curve, ResampledGap.Interval interval) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "%-8s APGR %.3f [%.3f, %.3f], half of the gap at %.1f %% strong answers, 80 %% of it at %.1f %%%n",
                            router,
                            curve.recoveredGap(),
                            interval.low(),
                            interval.high(),
                            100 * curve.shareFor(0.5),
                            100 * curve.shareFor(0.8));
        }
    }
}
