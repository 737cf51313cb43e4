package dev.architect.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LoginSessionsTest {

    private final ManualTime time = new ManualTime();
    private final LoginSessions logins = new LoginSessions(time, Optional.empty());

    @Test
    void aNewLoginReplacesTheLeastRecentlyUsed() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < LoginSessions.MAX_SESSIONS; i++) {
            ids.add(logins.create(Optional.empty(), "::1", "a browser"));
            time.advance(Duration.ofSeconds(1));
        }
        LoginSession first = logins.find(ids.get(0)).orElseThrow();
        first.touch(time.wallTime());

        logins.create(Optional.empty(), "::1", "a browser");

        assertThat(logins.find(ids.get(0))).contains(first);
        assertThat(logins.find(ids.get(1))).isEmpty();
        assertThat(logins.find(ids.get(2))).isPresent();
    }

    @Test
    void anInvalidatedLoginIsInvalidForItsHolders() {
        String id = logins.create(Optional.empty(), "::1", "a browser");
        LoginSession login = logins.find(id).orElseThrow();

        logins.invalidate(id);

        assertThat(login.isValid(time.wallTime())).isFalse();
        assertThat(logins.find(id)).isEmpty();
    }

    @Test
    void unknownIdsAreNoLogins() {
        logins.create(Optional.empty(), "::1", "a browser");

        assertThat(logins.find("")).isEmpty();
        assertThat(logins.find("nonsense")).isEmpty();
    }
}
