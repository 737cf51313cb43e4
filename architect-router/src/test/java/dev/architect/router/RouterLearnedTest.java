package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionCodec;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.request.RequestScope;
import dev.architect.route.Route;
import dev.architect.router.learned.AnswerModelTrainer;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.LearnedOutcomes;
import dev.architect.router.learned.RoutingModelTrainer;
import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.Router;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice between a cheap and a strong model by learned models, checked answers and feedback. */
class RouterLearnedTest {

    private static final ModelId CHEAP = ModelId.parse("openai/gpt-4o-mini");
    private static final ModelId STRONG = ModelId.parse("claude/claude-sonnet-4-6");
    private static final String EASY = "Ann has 12 pens. Ben has 30 coins. How many are there in total?";
    private static final String HARD = "Ann has 12 pens. Each loses half of them. How many are left?";

    @TempDir
    static Path directory;

    @BeforeAll
    static void train() throws IOException {
        Files.write(
                directory.resolve("routing.model"),
                RoutingModelTrainer.withSeed(1)
                        .train(LearnedOutcomes.of(600, 1))
                        .toBytes());
        Files.write(
                directory.resolve("answers.model"),
                AnswerModelTrainer.withSeed(1).train(LearnedOutcomes.of(600, 1)).toBytes());
    }

    private static String policy(String learned) {
        return RouterFixture.POLICY + "records: {rate: 1}\nlearned: {cheap: " + CHEAP + ", strong: " + STRONG
                + ", "
                + learned.replace("model: ", "model: " + directory + "/")
                        .replace("Model: ", "Model: " + directory + "/")
                + "}\n";
    }

    private static RouterFixture fixture(String learned) {
        return new RouterFixture(policy(learned), setup -> setup);
    }

    private static LearnedChoice choice(Route route) {
        return route.basis().choice().orElseThrow();
    }

    @Test
    void promptsOnWhichTheStrongModelGainsGoToIt() {
        try (RouterFixture fixture = fixture("promptModel: routing.model, quality: 0.95")) {
            Route easy = fixture.router.route(ChatRequest.of(EASY));
            Route hard = fixture.router.route(ChatRequest.of(HARD));

            assertThat(easy.candidates().get(0).model()).isEqualTo(CHEAP);
            assertThat(easy.candidates().get(1).model()).isEqualTo(STRONG);
            assertThat(hard.candidates().get(0).model()).isEqualTo(STRONG);
            assertThat(choice(easy).reason()).isEqualTo(ChoiceReason.LEARNED);
            assertThat(choice(easy).by()).startsWith("routing.model@");
            assertThat(choice(easy).score()).isLessThan(choice(easy).threshold());
            assertThat(choice(hard).score()).isGreaterThanOrEqualTo(choice(hard).threshold());
            assertThat(choice(easy).expectedQuality().orElseThrow()).isBetween(0.95, 1.1);
        }
    }

    @Test
    void explanationAndRecordNameTheModelTheReasonAndWhatIsExpected() {
        try (RouterFixture fixture = fixture("promptModel: routing.model")) {
            ChatResponse answer = fixture.chat(EASY);

            assertThat(answer.text()).isEqualTo("cheap");
            assertThat(answer.route().explanation())
                    .contains("learned: " + CHEAP + " first by its learned score (routing.model@")
                    .contains("expected saving ")
                    .contains(" % of the strong model's quality");
            DecisionRecord record =
                    fixture.events(Event.DecisionRecorded.class).get(0).decision();
            assertThat(record.choice()).contains(choice(answer.route()));
            assertThat(DecisionCodec.read(DecisionCodec.write(record))).isEqualTo(record);
        }
    }

    @Test
    void promptOfAnotherKindGoesByItsLength() {
        String other = "Write a polite letter to my landlord about the broken heating in our kitchen, please.";
        try (RouterFixture fixture = fixture("promptModel: routing.model")) {
            LearnedChoice choice = choice(fixture.router.route(ChatRequest.of(other)));
            LearnedChoice longer = choice(fixture.router.route(ChatRequest.of((other + " ").repeat(40))));

            assertThat(choice.reason()).isEqualTo(ChoiceReason.LENGTH);
            assertThat(longer.score()).isGreaterThan(choice.score());
            assertThat(longer.chosen()).isEqualTo(STRONG);
            assertThat(choice.expectedSaving()).isEmpty();
        }
    }

    @Test
    void whatAHostOrARequestDecidesStandsAboveTheChoice() {
        ChatRequest named = ChatRequest.builder(HARD).model(CHEAP).build();
        ChatRequest high = ChatRequest.builder(EASY).quality(Quality.HIGH).build();
        String rule = policy("promptModel: routing.model") + "rules: [{when: {tags: {kind: a}}, order: [" + CHEAP
                + "]}, {when: {tags: {kind: b}}, floor: 80}]\n";
        try (RouterFixture fixture = new RouterFixture(rule, setup -> setup)) {
            for (Route route : List.of(
                    fixture.router.route(named),
                    fixture.router.route(high),
                    fixture.router.route(
                            ChatRequest.of(HARD), RequestScope.create().withTag("kind", "a")),
                    fixture.router.route(
                            ChatRequest.of(EASY), RequestScope.create().withTag("kind", "b")))) {
                assertThat(route.basis().choice()).isEmpty();
            }
            assertThat(fixture.router.route(ChatRequest.of(HARD)).basis().choice())
                    .isPresent();
        }
    }

    @Test
    void routerWithAModelFileThatCannotBeUsedIsNotMade() throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve("routing.model"));
        byte[] changed = whole.clone();
        changed[changed.length / 2] ^= 1;
        byte[] newer = whole.clone();
        newer[11] = 9;
        Files.write(directory.resolve("changed.model"), changed);
        Files.write(directory.resolve("cut.model"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(directory.resolve("newer.model"), newer);
        Files.writeString(directory.resolve("text.model"), "this is no model at all");

        unusable("missing.model", "missing.model is missing, expected a model file");
        unusable("changed.model", "changed.model: checksum is ");
        unusable("cut.model", "cut.model: length is ");
        unusable("newer.model", "newer.model: version is 9, expected 1");
        unusable("text.model", "text.model: model file is of another kind");
        unusable("answers.model", "answers.model: model file is of another kind");
    }

    private static void unusable(String file, String message) {
        assertThatThrownBy(() -> fixture("promptModel: " + file))
                .isInstanceOf(LearnedModelException.class)
                .hasMessageContaining(message);
        try (RouterFixture fixture = fixture("promptModel: " + file + ", whenUnusable: length, longFrom: 100")) {
            LearnedChoice shortOne = choice(fixture.router.route(ChatRequest.of(HARD)));
            LearnedChoice longOne = choice(fixture.router.route(ChatRequest.of(EASY + EASY)));
            assertThat(shortOne.reason()).isEqualTo(ChoiceReason.NO_MODEL);
            assertThat(shortOne.chosen()).isEqualTo(CHEAP);
            assertThat(longOne.chosen()).isEqualTo(STRONG);
        }
    }

    @Test
    void policyWithAnUnusableModelFileIsNotFollowed() throws IOException {
        Files.writeString(directory.resolve("spoiled.model"), "spoiled");
        try (RouterFixture fixture = fixture("promptModel: routing.model")) {
            LearnedChoice before = choice(fixture.router.route(ChatRequest.of(HARD)));

            for (String wrong :
                    List.of("promptModel: spoiled.model", "promptModel: gone.model, whenUnusable: length")) {
                assertThatThrownBy(() -> fixture.router.reload(RoutingPolicy.parse(policy(wrong))))
                        .isInstanceOf(LearnedModelException.class);
                assertThat(choice(fixture.router.route(ChatRequest.of(HARD)))).isEqualTo(before);
            }
            fixture.router.reload(RoutingPolicy.parse(RouterFixture.POLICY));
            assertThat(fixture.router.route(ChatRequest.of(HARD)).basis().choice())
                    .isEmpty();
        }
    }

    @Test
    void wrongSettingsAreNamed() {
        problem("quality: 1.5", "learned.quality", "is 1.5, expected a number above 0.0 to 1.0");
        problem("quality: .nan", "learned.quality", "expected a number above 0.0 to 1.0");
        problem("threshold: NaN", "learned.threshold", "is 'NaN', expected a number");
        problem("longFrom: 0", "learned.longFrom", "is 0, expected");
        problem("whenUnusable: hope", "learned.whenUnusable", "is 'hope', expected error or length");
        problem("bandit: {memory: 3}", "learned.bandit.memory", "is 3, expected");
        problem("bandit: {usdWeight: -1}", "learned.bandit.usdWeight", "is -1, expected a number from 0");
        problem("colour: red", "learned.colour", "expected one of");
        assertThatThrownBy(() -> RoutingPolicy.parse(
                        RouterFixture.POLICY + "learned: {cheap: " + STRONG + ", strong: " + CHEAP + "}"))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("has the quality 66, expected more than the 88 of learned.cheap");
        assertThatThrownBy(() -> RoutingPolicy.parse(
                        RouterFixture.POLICY + "learned: {cheap: openai/none, strong: " + STRONG + "}"))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("learned.cheap is openai/none, expected one of the models of the policy");
    }

    private static void problem(String field, String name, String what) {
        assertThatThrownBy(() -> RoutingPolicy.parse(policy(field)))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(what);
    }

    @Test
    void answerThatIsProbablyWrongIsReplacedByTheStrongModelsAndBothAreBilled() {
        try (RouterFixture fixture = fixture("answerModel: answers.model")) {
            script(fixture.openai, "That is 12 + 30 = 43.\n#### 43");

            ChatResponse answer = fixture.chat(EASY);

            assertThat(answer.text()).isEqualTo("dear");
            assertThat(choice(answer.route()).reason()).isEqualTo(ChoiceReason.CASCADE);
            assertThat(fixture.ledger).hasSize(2);
            MoneyTotal both = MoneyTotal.ZERO
                    .plus(fixture.ledger.get(0).charge().cost().amount().orElseThrow())
                    .plus(fixture.ledger.get(1).charge().cost().amount().orElseThrow());
            assertThat(answer.cost().spent()).isEqualTo(both);
            assertThat(fixture.events(Event.AnswerChecked.class))
                    .extracting(Event.AnswerChecked::verdict)
                    .containsExactly(AnswerVerdict.rejected("probably-wrong"), AnswerVerdict.accepted());
        }
    }

    @Test
    void answerThatIsProbablyRightIsReturnedAndTheStrongModelIsNotAsked() {
        try (RouterFixture fixture = fixture("answerModel: answers.model")) {
            script(fixture.openai, "That is 12 + 30 = 42.\n#### 42");

            ChatResponse answer = fixture.chat(EASY);

            assertThat(answer.text()).endsWith("#### 42");
            assertThat(answer.verdict()).isEqualTo(AnswerVerdict.accepted());
            assertThat(fixture.ledger).hasSize(1);
            assertThat(choice(answer.route()).expectedSaving().orElseThrow()).isBetween(0.1, 0.95);
        }
    }

    private static void script(ScriptedProvider provider, String text) {
        provider.always(ScriptedStep.answer(text, TokenUsage.of(100, 10)));
    }

    @Test
    void feedbackTeachesWhichModelDoes() {
        try (RouterFixture fixture = fixture("bandit: {seed: 7}")) {
            int late = 0;
            for (int i = 0; i < 400; i++) {
                ChatResponse answer = fixture.chat(EASY);
                boolean isStrong = answer.model().equals(STRONG);
                late += i >= 300 && isStrong ? 1 : 0;
                fixture.router.learn(List.of(
                        isStrong
                                ? Feedback.accepted(answer.requestId(), RouterFixture.NOW)
                                : Feedback.rejected(answer.requestId(), RouterFixture.NOW)));
            }

            assertThat(late).isGreaterThan(90);
            LearnedChoice choice = choice(fixture.router.route(ChatRequest.of(EASY)));
            assertThat(choice.reason()).isIn(ChoiceReason.BANDIT, ChoiceReason.EXPLORED);
            assertThat(choice.propensity()).isBetween(0.0, 0.999);
        }
    }

    @Test
    void routerThatBeginsLearnsFromTheRecordsOfTheOneBefore() {
        RoutingPolicy policy = RoutingPolicy.parse(policy("bandit: {usdWeight: 5, seed: 7}"));
        try (InMemoryStore store = new InMemoryStore(TimeSource.system());
                RouterFixture fixture = new RouterFixture(policy("bandit: {usdWeight: 5, seed: 7}"), setup -> setup)) {
            Router.Parts parts = new Router.Parts(
                    List.of(RouterFixture.answering("openai", "cheap"), RouterFixture.answering("claude", "dear")),
                    fixture.time,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(store.records()));
            for (int i = 0; i < 700; i++) {
                ChatResponse answer = fixture.chat(EASY);
                Feedback feedback = Feedback.scored(answer.requestId(), i % 7 / 10.0, RouterFixture.NOW);
                store.records().keep(List.of(feedback));
                fixture.router.learn(List.of(feedback));
            }
            store.records()
                    .append(fixture.events(Event.DecisionRecorded.class).stream()
                            .map(Event.DecisionRecorded::decision)
                            .toList());
            double learned = bestPropensity(fixture.router);

            try (CostAwareRouter next = CostAwareRouter.with(policy).create(parts)) {
                assertThat(bestPropensity(next)).isEqualTo(learned);
            }
            try (CostAwareRouter fresh = CostAwareRouter.with(policy)
                    .create(new Router.Parts(
                            List.of(
                                    RouterFixture.answering("openai", "cheap"),
                                    RouterFixture.answering("claude", "dear")),
                            fixture.time,
                            Optional.empty()))) {
                assertThat(bestPropensity(fresh)).isNotEqualTo(learned);
            }
        }
    }

    @Test
    void allNodesLearnFromFeedbackWhicheverItCameTo() throws InterruptedException {
        String settings = policy("bandit: {seed: 7}");
        try (InMemoryStore store = new InMemoryStore(TimeSource.system());
                RouterFixture routed = new RouterFixture(settings, Optional.of(store.records()));
                RouterFixture told = new RouterFixture(settings, Optional.of(store.records()));
                RouterFixture third = new RouterFixture(settings, Optional.of(store.records()))) {
            double before = bestPropensity(told.router);
            for (int round = 0; round < 7; round++) {
                List<Feedback> given = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    ChatResponse answer = routed.chat(EASY);
                    given.add(
                            answer.model().equals(STRONG)
                                    ? Feedback.accepted(answer.requestId(), RouterFixture.NOW)
                                    : Feedback.rejected(answer.requestId(), RouterFixture.NOW));
                }
                store.records()
                        .append(routed.events(Event.DecisionRecorded.class).stream()
                                .skip(round * 50L)
                                .map(Event.DecisionRecorded::decision)
                                .toList());
                // As the facade of the node does that the host told.
                store.records().keep(given);
                told.router.learn(given);
                for (RouterFixture node : List.of(routed, told, third)) {
                    node.awaitFeedback();
                }
            }

            double learned = bestPropensity(routed.router);
            assertThat(learned).isNotEqualTo(before);
            assertThat(bestPropensity(told.router)).isEqualTo(learned);
            assertThat(bestPropensity(third.router)).isEqualTo(learned);
            assertThat(IntStream.range(0, 50)
                            .filter(i -> choice(third.router.route(ChatRequest.of(EASY)))
                                    .chosen()
                                    .equals(STRONG))
                            .count())
                    .isGreaterThan(40);
        }
    }

    /** The probability of the model that is chosen most, which follows from everything that was learned. */
    private static double bestPropensity(CostAwareRouter router) {
        return IntStream.range(0, 50)
                .mapToDouble(i -> choice(router.route(ChatRequest.of(EASY))).propensity())
                .max()
                .orElseThrow();
    }

    @Test
    void feedbackAboutUnknownRequestsChangesNothing() {
        try (RouterFixture fixture = fixture("bandit: {seed: 7}")) {
            fixture.router.learn(List.of(Feedback.rejected("nobody-asked", RouterFixture.NOW)));

            assertThat(fixture.chat(EASY).text()).isIn("cheap", "dear");
            assertThat(fixture.ledger).hasSize(1);
        }
    }
}
