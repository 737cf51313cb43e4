package dev.architect.router.verification;

import static dev.architect.router.verification.AnswerFixture.answer;
import static dev.architect.router.verification.AnswerFixture.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfAgreementCheckerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The total is $1,250.00.|So we get 1250|ACCEPTED",
                "#### 42|It is 42 apples.|ACCEPTED",
                "#### 42|#### 43|samples-differ",
                "-3|3|samples-differ",
                "Paris.|paris|ACCEPTED",
                "Paris|Rome|samples-differ",
                "Answer: B|The answer: C|samples-differ",
                "That depends on many things, of which the weather is only the first one.|Paris|UNSURE",
                "Paris|That depends on many things, of which the weather is only the first one.|UNSURE",
            })
    void comparesWhatBothComeTo(String first, String second, String expected) {
        assertThat(verdict(SelfAgreementChecker.asking(request -> answer(second)), first))
                .isEqualTo(expected);
    }

    @Test
    void asksOnceAlsoWhenTheSecondAnswerIsChecked() {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<SelfAgreementChecker> itself = new AtomicReference<>();
        itself.set(SelfAgreementChecker.asking(request -> {
            asked.incrementAndGet();
            assertThat(itself.get().check(request, answer("42"))).isEqualTo(AnswerVerdict.unsure());
            return answer("42");
        }));

        assertThat(verdict(itself.get(), "42")).isEqualTo("ACCEPTED");
        assertThat(verdict(itself.get(), "43")).isEqualTo("samples-differ");
        assertThat(asked).hasValue(2);
    }

    @Test
    void failureOfTheSecondRequestIsPassedOnAndTheNextAnswerIsChecked() {
        AtomicInteger asked = new AtomicInteger();
        SelfAgreementChecker checker = SelfAgreementChecker.asking(request -> {
            if (asked.getAndIncrement() == 0) {
                throw new IllegalStateException("no provider");
            }
            return answer("7");
        });

        assertThatThrownBy(() -> checker.check(ChatRequest.of("Hi"), answer("7")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(verdict(checker, "7")).isEqualTo("ACCEPTED");
    }
}
