package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.Quality;
import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionCandidate;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.Feedback;
import dev.architect.record.RequestFeatures;
import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.QualityModel;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.usage.TokenUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RouteCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void trainsAndEvaluates() throws IOException {
        Path outcomes = outcomes(300);
        Path model = folder.resolve("routing.model");

        GaiaRun trained = GaiaRun.gaia("route", "train", outcomes.toString(), "--to", model.toString());
        byte[] first = Files.readAllBytes(model);
        GaiaRun.gaia("route", "train", outcomes.toString(), "--to", model.toString());
        GaiaRun judged = GaiaRun.gaia("route", "evaluate", outcomes.toString(), "--model", model.toString());

        assertThat(trained.err()).isEmpty();
        assertThat(trained.out()).contains("trained on 300 outcomes").contains("95 % of the strong model's quality: ");
        assertThat(Files.readAllBytes(model)).isEqualTo(first);
        assertThat(judged.err()).isEmpty();
        assertThat(judged.out())
                .contains("300 outcomes: strong ")
                .contains("length   APGR ")
                .contains("learned  APGR ")
                .contains("learned less length [");
    }

    @Test
    void trainsAModelOfAnswersAndShowsTheExpectedSaving() throws IOException {
        Random random = new Random(6);
        StringBuilder text = new StringBuilder("prompt,strong,weak,answer\n");
        for (int row = 0; row < 300; row++) {
            int one = random.nextInt(100);
            boolean isRight = random.nextInt(3) > 0;
            int sum = one + 7 + (isRight ? 0 : 1);
            text.append("Ann has " + one + " pens and buys 7. How many?,True," + (isRight ? "True" : "False") + ','
                    + one + " + 7 = " + sum + " #### " + sum + '\n');
        }
        Path outcomes = Files.writeString(folder.resolve("answers.csv"), text);
        Path model = folder.resolve("answers.model");

        GaiaRun trained = GaiaRun.gaia(
                "route", "train", outcomes.toString(), "--answers", "--weak-price", "0.05", "--to", model.toString());
        GaiaRun wrong =
                GaiaRun.gaia("route", "train", outcomes.toString(), "--weak-price", "5", "--to", model.toString());

        assertThat(trained.err()).isEmpty();
        assertThat(trained.out())
                .containsPattern(
                        "95 % of the strong model's quality: \\d+ % of the prompts to it, expected saving \\d+");
        assertThat(AnswerModel.load(model).rows()).isEqualTo(300);
        assertThat(wrong.errLines()).containsExactly("gaia: --weak-price is 5.0, expected 0 to 1");
    }

    @Test
    void trainsAChoiceAmongSeveralModels() throws IOException {
        Random random = new Random(6);
        StringBuilder text = new StringBuilder("prompt,group,poet,\"coder\",notes\n");
        for (int row = 0; row < 300; row++) {
            boolean isCode = random.nextBoolean();
            text.append(isCode ? "Sort a list of " : "Write a poem about ")
                    .append(row)
                    .append(isCode ? " numbers.,code,0," : " stars.,poem,1,")
                    .append(isCode ? "True" : "False")
                    .append(",x\n");
        }
        Path outcomes = Files.writeString(folder.resolve("several.csv"), text);
        Path to = folder.resolve("several.model");

        GaiaRun trained = GaiaRun.gaia(
                "route", "train", outcomes.toString(), "--prices", "poet=0.2,coder=0.8", "--to", to.toString());
        GaiaRun missing = GaiaRun.gaia(
                "route", "train", outcomes.toString(), "--prices", "poet=0.2,painter=1", "--to", to.toString());
        GaiaRun both = GaiaRun.gaia(
                "route", "train", outcomes.toString(), "--prices", "poet=1", "--answers", "--to", to.toString());

        assertThat(trained.err()).isEmpty();
        assertThat(trained.out())
                .contains("trained on 300 outcomes")
                .containsPattern("0\\.600 +0\\.[45]\\d\\d +1\\.000");
        QualityModel model = QualityModel.load(to);
        assertThat(model.choose("Sort a list of 7 numbers.", model.dial().forBest()))
                .isEqualTo("coder");
        assertThat(model.choose("Write a poem about 7 stars.", model.dial().forBest()))
                .isEqualTo("poet");
        assertThat(missing.errLines())
                .containsExactly("gaia: column 'painter' is missing in [prompt, group, poet, coder, notes], expected a"
                        + " header with it");
        assertThat(both.errLines()).containsExactly("gaia: --prices is there with --answers, expected one of both");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path few = outcomes(20);
        Path to = folder.resolve("m");

        GaiaRun tooFew = GaiaRun.gaia("route", "train", few.toString(), "--to", to.toString());
        Path model = Files.writeString(to, "this is not a model file");
        GaiaRun damaged = GaiaRun.gaia("route", "evaluate", few.toString(), "--model", model.toString());

        assertThat(tooFew.exitCode()).isEqualTo(1);
        assertThat(tooFew.errLines()).containsExactly("gaia: rows is 20, expected at least 200");
        assertThat(damaged.errLines())
                .containsExactly("gaia: model file is of another kind, expected one that begins with GAIAROUT");
        assertThat(GaiaRun.gaia("route").errLines())
                .first()
                .asString()
                .contains("expected one of train, evaluate, estimate, records, replay, feedback");
    }

    @Test
    void estimatesWhatOtherWaysToChooseWouldHaveBrought() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            Random random = new Random(4);
            List<DecisionRecord> records = new ArrayList<>();
            List<Feedback> feedback = new ArrayList<>();
            for (int i = 0; i < 1_200; i++) {
                boolean isStrong = random.nextInt(4) == 0;
                records.add(record("r" + i, isStrong ? "p/strong" : "p/cheap", isStrong ? 0.25 : 0.75));
                feedback.add(
                        random.nextDouble() < (isStrong ? 0.9 : 0.6)
                                ? Feedback.accepted("r" + i, NOW)
                                : Feedback.rejected("r" + i, NOW));
            }
            store.records().append(records);
            store.records().keep(feedback);
        }

        GaiaRun run = GaiaRun.gaia("route", "estimate", "--data", data.toString());
        GaiaRun wrong = GaiaRun.gaia("route", "estimate", "--data", data.toString(), "--usd-weight", "-1");
        // More than two pages of the store, and no more than there are.
        GaiaRun most = GaiaRun.gaia("route", "records", "--limit", "1100", "--json", "--data", data.toString());
        GaiaRun all = GaiaRun.gaia("route", "records", "--limit", "5000", "--json", "--data", data.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("1,200 decisions with feedback");
        assertThat(lines(most)).hasSize(1_100).doesNotHaveDuplicates();
        assertThat(lines(all)).hasSize(1_200).doesNotHaveDuplicates();
        assertThat(robust(run, "all to p/cheap")).isBetween(0.55, 0.65);
        assertThat(robust(run, "all to p/strong")).isBetween(0.83, 0.97);
        assertThat(wrong.errLines()).containsExactly("gaia: usdWeight is -1.0, expected 0 to 1000000.0");
    }

    @Test
    void recordsAreListedReplayedAndJudged() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            store.records()
                    .append(List.of(
                            priced("r1", "claude/claude-sonnet-4-6", "0.018"),
                            priced("r2", "openai/gpt-4o-mini", "0.00075"),
                            priced("r3", "claude/claude-sonnet-4-6", "0.018")));
        }
        Path policy = Files.writeString(folder.resolve("other.yaml"), """
                baseline: openai/gpt-4o-mini
                models: [{model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}]
                """);

        GaiaRun feedback = GaiaRun.gaia("route", "feedback", "r1", "rejected", "--data", data.toString());
        GaiaRun listed = GaiaRun.gaia("route", "records", "--data", data.toString());
        GaiaRun one =
                GaiaRun.gaia("route", "records", "--model", "openai/gpt-4o-mini", "--json", "--data", data.toString());
        GaiaRun replayed = GaiaRun.gaia("route", "replay", policy.toString(), "--data", data.toString());
        GaiaRun json = GaiaRun.gaia("route", "replay", policy.toString(), "--json", "--data", data.toString());

        assertThat(feedback.out()).contains("The answer to r1 is rejected.");
        assertThat(listed.err()).isEmpty();
        assertThat(lines(listed)).hasSize(4);
        assertThat(lines(listed).get(1)).contains("r3", "claude/claude-sonnet-4-6");
        assertThat(lines(listed).get(3)).contains("r1").endsWith("rejected");
        assertThat(lines(one)).hasSize(1);
        assertThat(one.out()).contains("\"request\":\"r2\"", "\"spentUsd\":0.00075", "\"feedback\":null");
        assertThat(replayed.err()).isEmpty();
        assertThat(replayed.out())
                .containsPattern("claude/claude-sonnet-4-6 +openai/gpt-4o-mini +2 +2 ")
                .contains("2 of 3 answered requests would go elsewhere, 0 nowhere");
        // 1,000 tokens each way at $0.15 and $0.60 a million, three times, instead of $0.03675.
        assertThat(json.out())
                .contains("\"recordedUsd\":0.03675", "\"replayedUsd\":0.00225", "\"differenceUsd\":-0.0345");
    }

    @Test
    void saysWhatIsWrongWithAQuestionAboutRecords() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        SqliteStore.at(data.resolve("architect.db")).close();
        Path policy = Files.writeString(folder.resolve("other.yaml"), """
                baseline: openai/gpt-4o-mini
                models: [{model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}]
                """);

        assertThat(GaiaRun.gaia("route", "replay", policy.toString(), "--data", data.toString())
                        .errLines())
                .first()
                .asString()
                .contains("the store has no such records of decisions");
        assertThat(GaiaRun.gaia("route", "records", "--from", "yesterday", "--data", data.toString())
                        .errLines())
                .containsExactly("gaia: --from: time is 'yesterday', expected one in UTC such as 2026-03-01T12:00:00Z");
        assertThat(GaiaRun.gaia("route", "records", "--outcome", "won", "--data", data.toString())
                        .errLines())
                .first()
                .asString()
                .contains("--outcome: outcome is 'won', expected one of answered, ");
        assertThat(GaiaRun.gaia("route", "feedback", "r1", "good", "--data", data.toString())
                        .errLines())
                .containsExactly("gaia: VERDICT is 'good', expected accepted, rejected or 0.0..1.0");
    }

    private static List<String> lines(GaiaRun run) {
        return run.out().lines().toList();
    }

    /** Of 1,000 tokens each way. */
    private static DecisionRecord priced(String id, String model, String usd) {
        return new DecisionRecord(
                0,
                id,
                NOW,
                "v1",
                ProjectId.DEFAULT,
                Optional.empty(),
                new RequestFeatures(Complexity.SIMPLE, Quality.AUTO, Optional.empty(), Set.of()),
                List.of(new DecisionCandidate(ModelId.parse(model), 66, 1_000, 1_000, Optional.empty())),
                List.of(),
                new DecisionResult(
                        DecisionOutcome.ANSWERED,
                        Optional.empty(),
                        Optional.of(ModelId.parse(model)),
                        0,
                        1,
                        0,
                        TokenUsage.of(1_000, 1_000),
                        Optional.of(Money.ofUsd(usd)),
                        Money.ofUsd(usd),
                        Duration.ofMillis(5),
                        AnswerVerdict.unchecked()),
                Optional.empty(),
                Optional.empty());
    }

    private static double robust(GaiaRun run, String way) {
        Matcher line = Pattern.compile("(?m)^" + way + " +([0-9.]+) ").matcher(run.out());
        assertThat(line.find()).as(run.out()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private static DecisionRecord record(String id, String model, double propensity) {
        return new DecisionRecord(
                0,
                id,
                NOW,
                "v1",
                ProjectId.DEFAULT,
                Optional.empty(),
                new RequestFeatures(Complexity.SIMPLE, Quality.AUTO, Optional.empty(), Set.of()),
                List.of(),
                List.of(),
                new DecisionResult(
                        DecisionOutcome.ANSWERED,
                        Optional.empty(),
                        Optional.of(ModelId.parse(model)),
                        0,
                        1,
                        0,
                        TokenUsage.of(10, 10),
                        Optional.of(Money.ZERO),
                        Money.ZERO,
                        Duration.ofMillis(5),
                        AnswerVerdict.unchecked()),
                Optional.empty(),
                Optional.of(new LearnedChoice(
                        "length",
                        ChoiceReason.BANDIT,
                        ModelId.parse(model),
                        20,
                        1_000,
                        propensity,
                        OptionalDouble.empty(),
                        OptionalDouble.empty())));
    }

    private Path outcomes(int rows) throws IOException {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder("prompt,strong,weak\n");
        for (int row = 0; row < rows; row++) {
            boolean isHard = random.nextBoolean();
            text.append("Ann has ")
                    .append(random.nextInt(100))
                    .append(isHard ? " pens and loses half of each" : " pens and buys more")
                    .append(". How many are there?,True,")
                    .append(isHard ? "False" : "True")
                    .append('\n');
        }
        return Files.writeString(folder.resolve("outcomes.csv"), text);
    }
}
