package dev.architect.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TextTableTest {

    @Test
    void wordsStandLeftAndNumbersRight() {
        TextTable table = new TextTable("Provider", "Tasks", "p50", "State")
                .row("ollama", "1,204", "45 ms", "up")
                .row("perplexity", "3", "", "breaker open");

        assertThat(table.lines())
                .containsExactly(
                        "Provider    Tasks    p50  State",
                        "ollama      1,204  45 ms  up",
                        "perplexity      3         breaker open");
    }

    @Test
    void aRowHasAsManyCellsAsThereAreHeadings() {
        assertThatThrownBy(() -> new TextTable("A", "B").row("1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row has 1 cells, expected 2");
    }
}
