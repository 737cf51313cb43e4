package dev.architect.router.classification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.model.Complexity;
import dev.architect.route.Classification;
import dev.architect.route.ComplexitySignal;
import dev.architect.route.ComplexitySignal.Kind;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptClassifierTest {

    private final PromptClassifier classifier = new PromptClassifier();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Write a hello world function",
                "What is the capital of Portugal?",
                "Translate 'good morning' into French.",
                "Fix the spelling: I recieved teh parcel.",
                "Name three fruits that are red.",
                "Summarise the changelog",
                "Is 17 a prime number?",
                "Reply with OK.",
                "Wer hat Faust geschrieben?",
                "日本の首都はどこですか?",
            })
    void recallAndRewordingAreSimple(String prompt) {
        assertThat(classifier.classify(ChatRequest.of(prompt)).complexity()).isEqualTo(Complexity.SIMPLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A train leaves at 9:10 and travels 84 km at a speed of 63 km per hour, then waits 12 minutes and goes on for "
                        + "another 20 km. What is its average speed, and why is it lower than 63?",
                "Explain why the sky is blue, first for a child and then for a physics student. Must be under 100 words each, "
                        + "without equations.",
                "Compare tea and coffee: caffeine, cost, and effect on sleep. Why would a nurse prefer one?",
                "Write a Python function that reads a CSV file and returns the average of each column as JSON. Include unit "
                        + "tests.",
            })
    void severalStepsAreMedium(String prompt) {
        assertThat(classifier.classify(ChatRequest.of(prompt)).complexity()).isEqualTo(Complexity.MEDIUM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prove that the square root of 2 is irrational, and derive the same for every prime. Explain why the argument "
                        + "fails for 4.",
                "Design the architecture of a payment service that must survive the loss of a data centre without losing an "
                        + "order. Compare at least three approaches, evaluate their tradeoffs, and recommend one. Requirements: "
                        + "exactly once effects, p99 within 200 ms, cost limit of $10,000 per month.",
                "Review and refactor this class, then explain the causes of the deadlock:\npublic class A {\n  private final "
                        + "Object lock = new Object();\n  void a() { synchronized (lock) { b.c(); } }\n}\nIt must stay "
                        + "compatible, and should require no new library.",
            })
    void designProofAndManyConstraintsAreComplex(String prompt) {
        assertThat(classifier.classify(ChatRequest.of(prompt)).complexity()).isEqualTo(Complexity.COMPLEX);
    }

    @Test
    void longTextToClassifyStaysSimple() {
        String ticket =
                "The parcel came late and the box was wet. The driver was kind and helped us to carry it. ".repeat(40);

        Classification result =
                classifier.classify(ChatRequest.of("Classify this ticket as praise or complaint.\n" + ticket));

        assertThat(result.complexity()).isEqualTo(Complexity.SIMPLE);
        assertThat(result.signals()).extracting(ComplexitySignal::kind).contains(Kind.LENGTH, Kind.REWORDING);
    }

    @Test
    void longRequestOfSeveralPartsIsComplex() {
        String request = "Design a booking service for 40 hotels.\n1. Compare two databases.\n2. Plan the migration.\n"
                + "3. Explain how double bookings are avoided.\n4. Review the schema below.\n5. It must run in one region.\n"
                + "The present service was written in the year 2009 and has grown since. ".repeat(8);

        assertThat(classifier.classify(ChatRequest.of(request)).complexity()).isEqualTo(Complexity.COMPLEX);
    }

    @Test
    void aPastedTextAloneIsNotComplex() {
        String text = "The Parcel came late. The Box was wet, and Ms Bell of London has sent it back to Leeds. "
                .repeat(2_000);

        assertThat(classifier.classify(ChatRequest.of(text)).complexity()).isEqualTo(Complexity.MEDIUM);
    }

    @Test
    void aVerbIsARequestOnlyWhereRequestsStand() {
        assertThat(classifier
                        .classify(ChatRequest.of(
                                "Who said that critics compare and contrast, and that lawyers must prove nothing?"))
                        .signals())
                .extracting(ComplexitySignal::kind)
                .doesNotContain(Kind.PROOF);
        assertThat(classifier
                        .classify(ChatRequest.of("I have two plans. Could you compare them?"))
                        .signals())
                .contains(new ComplexitySignal(Kind.EXPERT, 1, 36));
    }

    @Test
    void capitalsOfAnyScriptCount() {
        assertThat(classifier
                        .classify(ChatRequest.of("Ольга и Пётр живут в Киеве"))
                        .signals())
                .extracting(ComplexitySignal::kind)
                .contains(Kind.CAPITALS);
    }

    @Test
    void everyPointHasItsSignal() {
        Classification result =
                classifier.classify(ChatRequest.of("Prove the theorem. Why does it hold? Is it a corollary?"));

        assertThat(result.signals().stream().mapToInt(ComplexitySignal::points).sum())
                .isEqualTo(result.score());
        assertThat(result.signals())
                .contains(new ComplexitySignal(Kind.QUESTIONS, 2, 7), new ComplexitySignal(Kind.PROOF, 1, 84));
    }

    @Test
    void simplePromptHasNoSignal() {
        assertThat(classifier.classify(ChatRequest.of("Hi")).signals()).isEmpty();
    }

    @Test
    void earlierTurnsAndSystemTextCount() {
        ChatRequest alone = ChatRequest.of("And the next one?");
        ChatRequest.Builder builder = ChatRequest.builder("And the next one?").system("Be brief. ".repeat(1_000));
        for (int i = 0; i < 5; i++) {
            builder.earlier(Message.user("one")).earlier(Message.assistant("two"));
        }

        assertThat(classifier.classify(builder.build()).score())
                .isGreaterThan(classifier.classify(alone).score());
    }

    @Test
    void largeOutputLimitCounts() {
        ChatRequest request =
                ChatRequest.builder("Tell me a story").maxOutputTokens(8_000).build();

        assertThat(classifier.classify(request).signals())
                .containsExactly(new ComplexitySignal(Kind.LONG_ANSWER, 1, 14));
    }

    @Test
    void explanationHoldsNoTextOfThePrompt() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            String secret = random.ints(12, 'a', 'z' + 1)
                    .mapToObj(letter -> String.valueOf((char) letter))
                    .collect(Collectors.joining());
            Classification result = classifier.classify(ChatRequest.of("Prove " + secret + " = 4711 and design {\""
                    + secret + "\": 1}\n- " + secret + "\nclass " + secret + " {"));

            assertThat(result.explanation()).doesNotContain(secret).doesNotContain("4711");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a ", "\n", "1. \n", "```\n", "((((((", "?=", "| , \": ", "\uD83D\uDE00"})
    void noMoreIsReadOfALongerText(String piece) {
        Classification small = classifier.classify(ChatRequest.of("x" + piece.repeat(40_000 / piece.length())));
        Classification large = classifier.classify(ChatRequest.of("x" + piece.repeat(4_000_000 / piece.length())));

        assertThat(signalsOfTheText(large)).isEqualTo(signalsOfTheText(small));
    }

    /** All but the length, which is that of the whole text. */
    private static List<ComplexitySignal> signalsOfTheText(Classification result) {
        return result.signals().stream()
                .filter(signal -> signal.kind() != Kind.LENGTH)
                .toList();
    }
}
