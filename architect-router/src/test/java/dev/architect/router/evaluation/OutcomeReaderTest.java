package dev.architect.router.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.RoutingOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutcomeReaderTest {

    @TempDir
    private Path folder;

    @Test
    void readsQuotedTextAndBothFormsOfGrades() throws IOException {
        List<RoutingOutcome> read =
                read("prompt,weak,strong,group\r\n\"one, \"\"two\"\"\nthree\",True,0.25,maths\r\nplain,False,1,\n");

        assertThat(read)
                .containsExactly(
                        new RoutingOutcome("one, \"two\"\nthree", 0.25, 1, Optional.of("maths"), Optional.empty()),
                        RoutingOutcome.of("plain", 1, 0));
    }

    @Test
    void readsColumnsOfOtherNamesCompressed() throws IOException {
        Path file = folder.resolve("outcomes.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("q,gpt,small,small_response,extra\nx,1,0,y,z\n".getBytes(StandardCharsets.UTF_8));
        }

        List<RoutingOutcome> read = OutcomeReader.of(
                        new OutcomeReader.Columns("q", "gpt", "small", "group", "small_response"))
                .read(file);

        assertThat(read).containsExactly(new RoutingOutcome("x", 1, 0, Optional.empty(), Optional.of("y")));
    }

    @Test
    void namesWhatIsWrong() {
        assertRefused("", "file is empty");
        assertRefused("prompt,weak\nx,1\n", "column 'strong' is missing in [prompt, weak]");
        assertRefused("prompt,weak,strong,colour\n", "column 'colour' is unknown, expected one of [prompt, strong");
        assertRefused("prompt,weak,weak,strong\n", "column 'weak' is there twice");
        assertRefused("prompt,weak,strong\nx,1,0\ny,NaN,0\n", "record 2, column 'weak' is 'NaN', expected True, False");
        assertRefused("prompt,weak,strong\nx,2,0\n", "record 1, column 'weak' is '2'");
        assertRefused("prompt,weak,strong\nx,1\n", "record 1 is 2 columns, expected 3 as in the header");
        assertRefused("prompt,weak,strong\n\"x,1,0\n", "cut off within quotes");
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(LearnedModelException.class)
                .hasMessageContaining(message);
    }

    private List<RoutingOutcome> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("outcomes.csv"), text);
        return OutcomeReader.standard().read(file);
    }
}
