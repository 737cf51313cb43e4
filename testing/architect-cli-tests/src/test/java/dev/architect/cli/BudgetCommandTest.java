package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia budget}. */
final class BudgetCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        SqliteStore.at(folder.resolve("architect.db")).close();
    }

    private GaiaRun budget(String... arguments) {
        List<String> all = new ArrayList<>(List.of("budget"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Test
    void setsListsAndRemoves() {
        assertThat(budget("list").err()).contains("There is no budget.");

        GaiaRun set = budget("set", "search", "--limit", "25.50", "--scope", "tag:team=search", "--soft");

        assertThat(set.out()).contains("budget search is $25.50 for tag:team=search, month, soft");
        assertThat(budget("list").out()).contains("search", "tag:team=search", "month", "soft", "$25.50", "$0.00");
        assertThat(budget("list", "--json").out())
                .contains("\"name\":\"search\"", "\"limitUsd\":\"25.5\"", "\"spentUsd\":\"0\"", "\"leftUsd\":\"25.5\"");
        assertThat(budget("change", "search", "--limit", "30", "--mode", "hard").out())
                .contains("budget search is $30.00 for tag:team=search, month, hard");
        assertThat(budget("change", "search", "--scope", "all", "--period", "day")
                        .out())
                .contains("budget search is $30.00 for all, day, hard");
        assertThat(budget("remove", "search").out()).contains("budget search is removed");
        assertThat(budget("list").err()).contains("There is no budget.");
    }

    @Test
    void refusesWhatIsWrong() {
        assertThat(budget("set", "Day", "--limit", "1").err()).contains("name is 'Day', expected");
        assertThat(budget("set", "day", "--limit", "0").err()).contains("limit is $0.00, expected more than $0.00");
        assertThat(budget("set", "day", "--limit", "1", "--period", "week").err())
                .contains("--period is 'week', expected hour, day, month or total");
        assertThat(budget("set", "day", "--limit", "1", "--scope", "team:x").err())
                .contains("scope is 'team:x', expected all");
        assertThat(budget("change", "day", "--limit", "1").err()).contains("budget 'day' does not exist");
        budget("set", "day", "--limit", "1");
        assertThat(budget("change", "day", "--mode", "firm").err()).contains("--mode is 'firm', expected hard or soft");
        assertThat(budget("change", "day", "--limit", "0").err()).contains("limit is $0.00, expected more than $0.00");
        budget("remove", "day");
        assertThat(budget("remove", "day").err()).contains("budget 'day' does not exist");
    }
}
