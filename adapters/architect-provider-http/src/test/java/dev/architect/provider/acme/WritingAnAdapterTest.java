package dev.architect.provider.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/how-to/write-an-adapter.md} to the sample that is compiled. */
class WritingAnAdapterTest {

    private static final Path PAGE = Path.of("../../docs/how-to/write-an-adapter.md");
    private static final Path SAMPLE = Path.of("src/test/java/dev/architect/provider/acme");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyBlockOfCodeIsCompiled() throws IOException {
        String sample = flat(Files.readString(SAMPLE.resolve("AcmeProvider.java"))
                + Files.readString(SAMPLE.resolve("AcmeProviderFactory.java"))
                + Files.readString(SAMPLE.resolve("AcmeContractTest.java")));
        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }

        assertThat(blocks).hasSizeGreaterThan(7);
        assertThat(blocks).allSatisfy(block -> assertThat(sample).contains(flat(block)));
    }

    /** Indentation differs between the page and the class. */
    private static String flat(String code) {
        return code.replaceAll("(?m)^ +", "").strip();
    }
}
