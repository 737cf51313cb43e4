package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.Part;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.spi.AnswerAssembler;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reasoning within the text, between tags. */
class ThinkTagParserTest {

    @ParameterizedTest
    @CsvSource({
        "'<think>Hm.</think>Yes.', 'Hm.', 'Yes.'",
        "' \n<think>\nHm. < 3 </thin>\n</think>\n\nYes. <think>no</think>', '\nHm. < 3 </thin>\n', 'Yes. <think>no</think>'",
        "'<think></think>Yes.', '', 'Yes.'",
        "'<think>Hm.', 'Hm.', ''",
        "'<think>Hm.</thi', 'Hm.</thi', ''",
        "'<thin', '', '<thin'",
        "' ', '', ' '",
        "'  Yes.', '', '  Yes.'",
        "'<thinker>Yes.', '', '<thinker>Yes.'",
        "'I <think>so.</think>', '', 'I <think>so.</think>'",
        "'', '', ''"
    })
    void isReadTheSameHoweverItIsCut(String raw, String reasoning, String answer) {
        for (int size = 1; size <= raw.length() + 1; size++) {
            Exchange exchange = exchange();
            ThinkTagParser text = ThinkTagParser.create(exchange);
            for (int from = 0; from < raw.length(); from += size) {
                text.append(raw.substring(from, Math.min(raw.length(), from + size)));
            }
            text.finish();

            assertThat(joined(exchange, Part.Reasoning.class, part -> ((Part.Reasoning) part).text()))
                    .isEqualTo(reasoning);
            assertThat(exchange.text()).isEqualTo(answer);
            assertThat(text.isEmpty()).isEqualTo(raw.isEmpty());
        }
    }

    @Test
    void appendsTextAsSoonAsItIsCertain() {
        Exchange exchange = exchange();
        ThinkTagParser text = ThinkTagParser.create(exchange);

        text.append("<");
        assertThat(exchange.text()).isEmpty();
        text.append("b");
        assertThat(exchange.text()).isEqualTo("<b");
    }

    @Test
    void aLongBlankBeginningIsText() {
        Exchange exchange = exchange();
        ThinkTagParser text = ThinkTagParser.create(exchange);

        text.append(" ".repeat(101));

        assertThat(exchange.text()).hasSize(101);
    }

    @Test
    void addsWhatIsMissingOfAWhole() {
        Exchange exchange = exchange();
        ThinkTagParser text = ThinkTagParser.create(exchange);

        text.append("<think>Hm.");
        text.appendUpTo("<think>Hm.</think>Yes.");
        text.appendUpTo("<think>Hm.</think>Ye");
        text.appendUpTo("Something else that is longer than all before.");
        text.finish();

        assertThat(exchange.text()).isEqualTo("Yes.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<think>Hm.</think>Yes.", " <th"})
    void aModelThatStatesNoReasoningIsBelieved(String raw) {
        Exchange exchange = exchange();
        ThinkTagParser text = ThinkTagParser.withoutReasoning(exchange);

        text.append(raw);
        text.finish();

        assertThat(exchange.text()).isEqualTo(raw);
    }

    private static String joined(Exchange exchange, Class<? extends Part> kind, Function<Part, String> text) {
        List<Part> content = exchange.answer(StopReason.COMPLETE).build().content();
        return String.join(
                "", content.stream().filter(kind::isInstance).map(text).toList());
    }

    private static Exchange exchange() {
        return new Exchange(AnswerAssembler.empty(new ModelId("stub", "model")), null, new CallProgress());
    }
}
