package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia pool limit}. */
final class PoolCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        SqliteStore.at(folder.resolve("architect.db")).close();
    }

    private GaiaRun limit(String... arguments) {
        List<String> all = new ArrayList<>(List.of("pool", "limit"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Test
    void setsShowsAndTakesBack() {
        assertThat(limit("llm").out())
                .contains("pool llm: minimum as configured, maximum as configured, slots as configured");

        assertThat(limit("llm", "--min-sessions", "3", "--slots", "16").out())
                .contains("pool llm: minimum 3, maximum as configured, slots 16");

        assertThat(limit("llm", "--min-sessions", "none", "--max-sessions", "5").out())
                .contains("pool llm: minimum as configured, maximum 5, slots 16");
        assertThat(limit("llm").out()).contains("maximum 5");
    }

    @Test
    void refusesWhatIsWrong() {
        assertThat(limit("llm", "--min-sessions", "6", "--max-sessions", "5").err())
                .contains("minSessions is 6, expected 1..5");
        assertThat(limit("llm", "--slots", "many").err()).contains("--slots is 'many', expected a number or none");
        assertThat(limit("No", "--slots", "4").err()).contains("kind is 'No', expected");
    }
}
