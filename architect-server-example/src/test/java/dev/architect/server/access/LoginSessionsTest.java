package dev.architect.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoginSessionsTest {

    private final ManualTime time = new ManualTime();
    private final LoginSessions logins = new LoginSessions(time);

    @Test
    void theLongestUnseenMakesRoom() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < LoginSessions.LIMIT; i++) {
            ids.add(logins.begin());
            time.advance(Duration.ofSeconds(1));
        }
        LoginSession first = logins.find(ids.get(0)).orElseThrow();
        first.seen(time.wallTime());

        logins.begin();

        assertThat(logins.find(ids.get(0))).contains(first);
        assertThat(logins.find(ids.get(1))).isEmpty();
        assertThat(logins.find(ids.get(2))).isPresent();
    }

    @Test
    void anEndedLoginIsEndedForThoseWhoHoldIt() {
        String id = logins.begin();
        LoginSession login = logins.find(id).orElseThrow();

        logins.end(id);

        assertThat(login.isValid(time.wallTime())).isFalse();
        assertThat(logins.find(id)).isEmpty();
    }

    @Test
    void unknownIdsAreNoLogins() {
        logins.begin();

        assertThat(logins.find("")).isEmpty();
        assertThat(logins.find("nonsense")).isEmpty();
    }
}
