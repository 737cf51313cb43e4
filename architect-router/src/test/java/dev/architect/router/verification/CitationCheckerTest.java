package dev.architect.router.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CitationCheckerTest {

    private static final String SOURCES =
            "Answer from these alone:\n[1] The tower is  330 metres\nhigh.\n[2] It was built in 1889.";

    private static String verdict(AnswerChecker checker, String prompt, String text, Citation... citations) {
        ChatResponse plain = AnswerFixture.answer(text);
        AnswerVerdict verdict = checker.check(
                ChatRequest.of(prompt),
                new ChatResponse(
                        plain.content(),
                        plain.stopReason(),
                        plain.model(),
                        plain.usage(),
                        plain.cost(),
                        plain.route(),
                        plain.position(),
                        List.of(citations)));
        return verdict.isRejected() ? verdict.reason() : verdict.kind().toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It is 330 metres high [1] and old [2].|ACCEPTED",
                "It is 330 metres high and old [1, 2].|ACCEPTED",
                "It is 330 metres high [3].|citation-unknown",
                "It is high and old [1, 3].|citation-unknown",
                "It is 330 metres high.|UNSURE",
                "Take `heights[3]` or heights[3], or [3](https://example.com).|UNSURE",
                "It is high [1], see ``` x = [7] ```|ACCEPTED",
            })
    void marksNameSourcesOfTheRequest(String answer, String expected) {
        assertThat(verdict(CitationChecker.optional(), SOURCES, answer)).isEqualTo(expected);
    }

    @Test
    void marksNameReportedSources() {
        Citation seven = new Citation("7", "Towers", Optional.of("https://example.com"), Optional.of("very high"));

        assertThat(verdict(CitationChecker.optional(), "How high?", "It is high [7].", seven))
                .isEqualTo("ACCEPTED");
        assertThat(verdict(CitationChecker.optional(), "How high?", "It is high [8].", seven))
                .isEqualTo("citation-unknown");
    }

    @Test
    void quotesOfGivenSourcesStandInThem() {
        Citation right = new Citation("", "", Optional.empty(), Optional.of("the tower is 330 metres high"));
        Citation wrong = new Citation("", "", Optional.empty(), Optional.of("The tower is 350 metres high"));

        assertThat(verdict(CitationChecker.required(), SOURCES, "It is high.", right))
                .isEqualTo("ACCEPTED");
        assertThat(verdict(CitationChecker.required(), SOURCES, "It is high.", right, wrong))
                .isEqualTo("quote-not-found");
    }

    @Test
    void answerThatCitesNothingIsRejectedWhereThatIsRequired() {
        assertThat(verdict(CitationChecker.required(), SOURCES, "It is high.")).isEqualTo("citation-missing");
    }

    @Test
    void longTextsAreReadInOnePass() {
        String text = "[1 ".repeat(100_000) + "`".repeat(100_000);

        assertThat(verdict(CitationChecker.optional(), SOURCES, text)).isEqualTo("UNSURE");
    }
}
