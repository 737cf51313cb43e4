package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.Login;
import dev.architect.access.LoginChallenge;
import dev.architect.access.Passkey;
import dev.architect.access.SecondFactor;
import dev.architect.access.SecretDigest;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cost.Money;
import dev.architect.error.CapacityException;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Users, second factors, passkeys, logins and tokens of a store. */
public abstract class StoreAccessCases extends StoreFixture {

    /** Creates the cases for one store. */
    protected StoreAccessCases(StoreHandles handles) {
        super(handles);
    }

    private AccessStore access() {
        return access(store());
    }

    private static AccessStore access(Store store) {
        return store.access().orElseThrow();
    }

    private User user(String name, UserRole... roles) {
        return User.create(name, Set.of(roles), "$hash$" + name, time.wallTime());
    }

    private Login login(String id, Optional<String> user) {
        Instant now = time.wallTime();
        return new Login(id, user, now, now, now, now.plus(Duration.ofHours(12)), "127.0.0.1", "Browser " + ODD);
    }

    private AgentToken token(String name) {
        Instant now = time.wallTime();
        return new AgentToken(
                name,
                SecretDigest.of("secret of " + name),
                "user:ada",
                Set.of("tasks:r", "tasks:w"),
                Set.of(new ProjectId("shop"), new ProjectId("blog")),
                Optional.of(new Money(Long.MAX_VALUE)),
                new AgentToken.Life(now, now.plus(Duration.ofDays(30)), Optional.empty()));
    }

    @Test
    void keepsEveryFieldOfAUserForAllHandles() throws Exception {
        User ada = new User(
                "ada@example.com",
                Set.of(UserRole.ADMIN, UserRole.APPROVER),
                false,
                "$pbkdf2-sha256$i=600000$c2FsdA$cmVzdWx0",
                "{\"theme\":\"" + "d\ud83d\udcca ä%_'" + "\"}",
                time.wallTime().plusNanos(1_234_567),
                time.wallTime().plusSeconds(5),
                1);

        assertThat(access().hasUsers()).isFalse();
        assertThat(access().add(ada)).isTrue();

        User read = access(second()).user(ada.name()).orElseThrow();
        assertThat(read.createdAt()).isEqualTo(ada.createdAt().minusNanos(567));
        assertThat(read).usingRecursiveComparison().ignoringFields("createdAt").isEqualTo(ada);
        assertThat(access().hasUsers()).isTrue();
        assertThat(access().user("nobody")).isEmpty();
        assertThat(access().add(user("ada@example.com", UserRole.VIEWER))).isFalse();
        assertThat(access().user(ada.name()).orElseThrow().roles()).contains(UserRole.ADMIN);
    }

    @Test
    void ofManyWhoClaimTheStoreExactlyOneBecomesTheFirstUser() throws Exception {
        AtomicInteger winners = new AtomicInteger();

        onBothHandles((handle, number) -> {
            if (access(handle).addFirst(user("claimant" + number, UserRole.ADMIN))) {
                winners.incrementAndGet();
            }
        });

        assertThat(winners).hasValue(1);
        assertThat(access().users()).hasSize(1);
        assertThat(access().addFirst(user("late", UserRole.ADMIN))).isFalse();
    }

    @Test
    void aChangeNeedsTheVersionThatTheStoreHas() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        access().add(user("bob", UserRole.VIEWER));
        User read = access().user("bob").orElseThrow();

        assertThat(access(second()).change(read.withRoles(Set.of(UserRole.OPERATOR))))
                .isEqualTo(AccessChange.DONE);

        assertThat(access().change(read.withRoles(Set.of(UserRole.APPROVER)))).isEqualTo(AccessChange.STALE);
        assertThat(access().remove("bob", read.version())).isEqualTo(AccessChange.STALE);
        User now = access().user("bob").orElseThrow();
        assertThat(now.roles()).containsExactly(UserRole.OPERATOR);
        assertThat(now.version()).isEqualTo(2);
        assertThat(access().change(now.withPassword("$new", time.wallTime().plusSeconds(9))))
                .isEqualTo(AccessChange.DONE);
        assertThat(access().user("bob").orElseThrow().passwordHash()).isEqualTo("$new");
        assertThat(access().change(user("nobody", UserRole.VIEWER))).isEqualTo(AccessChange.MISSING);
        assertThat(access().remove("nobody", 0)).isEqualTo(AccessChange.MISSING);
        assertThat(access().remove("bob", 3)).isEqualTo(AccessChange.DONE);
        assertThat(access().users()).extracting(User::name).containsExactly("ada");
    }

    @Test
    void theLastActiveAdminStays() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        access().add(user("bob", UserRole.ADMIN).withActive(false));
        User ada = access().user("ada").orElseThrow();

        assertThat(access().remove("ada", 0)).isEqualTo(AccessChange.LAST_ADMIN);
        assertThat(access().change(ada.withRoles(Set.of(UserRole.VIEWER)))).isEqualTo(AccessChange.LAST_ADMIN);
        assertThat(access().change(ada.withActive(false))).isEqualTo(AccessChange.LAST_ADMIN);

        access().add(user("eve", UserRole.ADMIN));
        AtomicInteger removed = new AtomicInteger();
        onBothHandles((handle, number) -> {
            if (access(handle).remove(number % 2 == 0 ? "ada" : "eve", 0) == AccessChange.DONE) {
                removed.incrementAndGet();
            }
        });
        assertThat(removed).hasValue(1);
        assertThat(access().users()).filteredOn(User::isActiveAdmin).hasSize(1);
    }

    @Test
    void ofManyEditsOfOneUserOneSucceedsAndNothingIsLost() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        User read = access().user("ada").orElseThrow();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger stale = new AtomicInteger();

        onBothHandles((handle, number) -> {
            AccessChange change = access(handle).change(read.withPreferences("{\"by\":" + number + "}"));
            (change == AccessChange.DONE ? done : stale).incrementAndGet();
        });

        assertThat(done).hasValue(1);
        assertThat(stale).hasValue(15);
        assertThat(access().user("ada").orElseThrow().version()).isEqualTo(2);
    }

    private SecondFactor begun(String user) {
        return SecondFactor.begin(user, new byte[] {0, -1, 127, (byte) user.length()}, time.wallTime());
    }

    @Test
    void aSecondFactorIsBegunAnewUntilItIsConfirmedAndGoesWithItsUser() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        access().add(user("bob", UserRole.VIEWER));
        assertThat(access().secondFactor("bob")).isEmpty();
        assertThat(access().beginSecondFactor(begun("nobody"))).isFalse();

        assertThat(access().beginSecondFactor(begun("bob"))).isTrue();
        assertThat(access(second()).secondFactor("bob")).contains(begun("bob"));
        SecondFactor other = SecondFactor.begin("bob", new byte[] {7}, time.wallTime());
        assertThat(access(second()).beginSecondFactor(other)).isTrue();
        SecondFactor late = begun("bob").confirmed(time.wallTime(), 5, Set.of("one"));
        assertThat(access().confirmSecondFactor(late)).as("replaced meanwhile").isFalse();
        assertThat(access().useStep("bob", 6)).as("not confirmed").isFalse();

        SecondFactor confirmed = other.confirmed(time.wallTime().plusSeconds(3), 5, Set.of("one", "two"));
        assertThat(access().confirmSecondFactor(confirmed)).isTrue();
        assertThat(access(second()).secondFactor("bob")).contains(confirmed);
        assertThat(access().confirmSecondFactor(confirmed)).as("once").isFalse();
        assertThat(access().beginSecondFactor(begun("bob"))).as("confirmed").isFalse();

        assertThat(access().removeSecondFactor("bob")).isTrue();
        assertThat(access().removeSecondFactor("bob")).isFalse();
        assertThat(access().beginSecondFactor(begun("bob"))).isTrue();
        access().remove("bob", 0);
        assertThat(access(second()).secondFactor("bob")).isEmpty();
    }

    @Test
    void eachCodeOfASecondFactorIsTakenOnceByAllHandlesTogether() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        access().beginSecondFactor(begun("ada"));
        access().confirmSecondFactor(begun("ada").confirmed(time.wallTime(), 5, Set.of("one", "two", "three")));
        AtomicInteger steps = new AtomicInteger();
        AtomicInteger codes = new AtomicInteger();

        onBothHandles((handle, number) -> {
            if (access(handle).useStep("ada", 7)) {
                steps.incrementAndGet();
            }
            if (access(handle).useRecoveryCode("ada", number % 2 == 0 ? "one" : "two")) {
                codes.incrementAndGet();
            }
        });

        assertThat(steps).hasValue(1);
        assertThat(codes).hasValue(2);
        SecondFactor kept = access().secondFactor("ada").orElseThrow();
        assertThat(kept.lastStep()).isEqualTo(7);
        assertThat(kept.recovery()).containsExactly("three");
        assertThat(access().useStep("ada", 6)).as("an earlier one").isFalse();
        assertThat(access().useStep("ada", 8)).isTrue();
        assertThat(access().useRecoveryCode("ada", "unknown")).isFalse();
        assertThat(access().useStep("nobody", 9)).isFalse();
        assertThat(access().useRecoveryCode("nobody", "three")).isFalse();
    }

    private Passkey passkey(String id, String user) {
        return new Passkey(
                id,
                user,
                "key " + ODD,
                "pQECAyYgASFYIA",
                Set.of("usb", "hybrid", "new-in-2027"),
                true,
                time.wallTime(),
                new Passkey.Use(0xFFFF_FFFFL, true, Optional.of(time.wallTime().plusSeconds(1))));
    }

    private static Passkey.Use counted(long signCount, Instant at) {
        return new Passkey.Use(signCount, false, Optional.of(at));
    }

    @Test
    void aPasskeyKeepsEveryFieldAndGoesWithItsUserOrTheUsersAccess() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        access().add(user("bob", UserRole.VIEWER));
        assertThat(access().addPasskey(passkey("lost", "nobody"))).isFalse();
        assertThat(access().passkeys("bob")).isEmpty();

        String longest = "-_".repeat(Passkey.MAX_ID / 2);
        assertThat(access().addPasskey(passkey(longest, "bob"))).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(access().addPasskey(passkey("AA", "bob"))).isTrue();
        assertThat(access().addPasskey(passkey("Aa", "ada"))).as("case matters").isTrue();
        assertThat(access(second()).addPasskey(passkey("AA", "ada")))
                .as("of another")
                .isFalse();

        assertThat(access(second()).passkey("AA")).contains(passkey("AA", "bob"));
        assertThat(access(second()).passkeys("bob")).extracting(Passkey::id).containsExactly(longest, "AA");
        assertThat(access().passkey("aa")).isEmpty();
        assertThat(access().removePasskey("ada", "AA")).as("of bob").isFalse();
        assertThat(access(second()).removePasskey("bob", "AA")).isTrue();
        assertThat(access().removePasskey("bob", "AA")).isFalse();
        assertThat(access().removePasskeys("bob")).isEqualTo(1);
        assertThat(access().removePasskeys("bob")).isZero();

        access().addPasskey(passkey("AB", "bob"));
        access().change(access().user("bob").orElseThrow().withRoles(Set.of(UserRole.OPERATOR)));
        assertThat(access().passkeys("bob")).hasSize(1);
        access().change(access().user("bob").orElseThrow().withActive(false));
        assertThat(access(second()).passkeys("bob")).as("may not log in").isEmpty();
        assertThat(access().addPasskey(passkey("AB", "bob"))).isFalse();
        access().change(access().user("bob").orElseThrow().withActive(true));
        access().addPasskey(passkey("AB", "bob"));
        access().remove("bob", 0);
        assertThat(access(second()).passkey("AB")).isEmpty();
        assertThat(access().passkeys("ada")).extracting(Passkey::id).containsExactly("Aa");
    }

    @Test
    void aUserHasNoMorePasskeysThanTheLimitHoweverManyAreAddedAtOnce() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        AtomicInteger added = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        onBothHandles((handle, number) -> {
            for (String each : new String[] {"x", "y"}) {
                try {
                    if (access(handle).addPasskey(passkey(each + number, "ada"))) {
                        added.incrementAndGet();
                    }
                } catch (CapacityException full) {
                    refused.incrementAndGet();
                }
            }
        });

        assertThat(added).hasValue(AccessStore.MOST_PASSKEYS);
        assertThat(refused).hasValue(32 - AccessStore.MOST_PASSKEYS);
        assertThat(access().passkeys("ada")).hasSize(AccessStore.MOST_PASSKEYS);
    }

    @Test
    void eachSignatureOfAPasskeyIsKeptOnceAndItsCountGoesUp() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        Instant now = time.wallTime();
        access().addPasskey(passkey("counts", "ada").used(counted(7, now)));
        access().addPasskey(passkey("silent", "ada").used(counted(0, now)));
        AtomicInteger kept = new AtomicInteger();

        onBothHandles((handle, number) -> {
            if (access(handle).usePasskey("counts", counted(8, now.plusSeconds(60)))) {
                kept.incrementAndGet();
            }
        });

        assertThat(kept).hasValue(1);
        assertThat(access().passkey("counts").orElseThrow().use()).isEqualTo(counted(8, now.plusSeconds(60)));
        assertThat(access().usePasskey("counts", counted(7, now)))
                .as("backwards")
                .isFalse();
        assertThat(access().usePasskey("counts", counted(0, now))).as("none").isFalse();
        assertThat(access().usePasskey("silent", counted(0, now.plusSeconds(5))))
                .isTrue();
        assertThat(access(second()).usePasskey("silent", counted(0, now.plusSeconds(6))))
                .isTrue();
        assertThat(access().passkey("silent").orElseThrow().use()).isEqualTo(counted(0, now.plusSeconds(6)));
        assertThat(access().usePasskey("silent", counted(0xFFFF_FFFFL, now))).isTrue();
        assertThat(access().usePasskey("unknown", counted(9, now))).isFalse();
    }

    private LoginChallenge challenge(String digest, String purpose) {
        return new LoginChallenge(
                digest, purpose, time.wallTime(), time.wallTime().plusSeconds(300));
    }

    @Test
    void eachChallengeIsTakenOnceByAllHandlesTogether() throws Exception {
        access().addChallenge(challenge("one", "login " + ODD));
        AtomicInteger taken = new AtomicInteger();

        onBothHandles((handle, number) ->
                access(handle).takeChallenge("one").ifPresent(challenge -> taken.incrementAndGet()));

        assertThat(taken).hasValue(1);
        access().addChallenge(challenge("two", "of one login"));
        access().addChallenge(challenge("three", "of another"));
        access(second()).addChallenge(challenge("four", "of one login"));
        assertThat(access().takeChallenge("two")).as("replaced").isEmpty();
        assertThat(access(second()).takeChallenge("three")).contains(challenge("three", "of another"));
        assertThat(access().takeChallenge("unknown")).isEmpty();

        LoginChallenge four = challenge("four", "of one login");
        time.advance(Duration.ofMinutes(5));
        assertThat(four.isValid(time.wallTime())).isFalse();
        access().addChallenge(challenge("five", "later"));
        assertThat(access().takeChallenge("four")).as("has ended").isEmpty();
    }

    @Test
    void challengesThatWaitAreLimited() throws Exception {
        AtomicInteger made = new AtomicInteger();
        onBothHandles((handle, number) -> {
            for (int i = made.getAndIncrement(); i < AccessStore.MOST_CHALLENGES; i = made.getAndIncrement()) {
                access(handle).addChallenge(challenge("c" + i, "p" + i));
            }
        });

        assertThatThrownBy(() -> access().addChallenge(challenge("more", "more")))
                .isInstanceOf(CapacityException.class);
        assertThat(access().takeChallenge("c0")).isPresent();
        access().addChallenge(challenge("more", "more"));
    }

    @Test
    void loginsAreSharedListedAndEnded() throws Exception {
        access().add(user("ada", UserRole.ADMIN));
        access().add(user("bob", UserRole.VIEWER));
        access().addLogin(login("one", Optional.of("ada")));
        time.advance(Duration.ofSeconds(1));
        access().addLogin(login("two", Optional.of("ada")));
        time.advance(Duration.ofSeconds(1));
        access().addLogin(login("three", Optional.empty()));
        access().addLogin(login("four", Optional.of("bob")));

        assertThat(access(second()).login("two").orElseThrow())
                .isEqualTo(access().login("two").orElseThrow());
        assertThat(access().login("three").orElseThrow().user()).isEmpty();
        assertThat(access().login("one").orElseThrow().agent()).isEqualTo("Browser " + ODD);
        assertThat(access().logins()).extracting(Login::id).containsExactly("four", "three", "two", "one");

        assertThat(access(second()).removeLogin("two")).isTrue();
        assertThat(access().login("two")).isEmpty();
        assertThat(access().removeLogin("two")).isFalse();
        access().addLogin(login("five", Optional.of("ada")));
        assertThat(access().removeLogins("ada", Optional.of("five"))).isEqualTo(1);
        assertThat(access().removeLogins("ada", Optional.empty())).isEqualTo(1);
        access().remove("bob", 0);
        assertThat(access().logins()).extracting(Login::id).containsExactly("three");
    }

    @Test
    void aLoginMovesForwardAndIsForgottenAfterItsEnd() {
        access().addLogin(login("one", Optional.of("ada")));
        Instant begin = time.wallTime();

        access().touchLogin("one", begin.plusSeconds(60), begin);
        access().touchLogin("one", begin.plusSeconds(30), begin.plusSeconds(30));
        assertThat(access().login("one").orElseThrow().lastSeen()).isEqualTo(begin.plusSeconds(60));
        assertThat(access().login("one").orElseThrow().authenticatedAt()).isEqualTo(begin);
        access().touchLogin("one", begin.plusSeconds(90), begin.plusSeconds(90));
        assertThat(access().login("one").orElseThrow().authenticatedAt()).isEqualTo(begin.plusSeconds(90));
        access().touchLogin("unknown", begin, begin);

        time.advance(Duration.ofHours(12));
        access().addLogin(login("two", Optional.of("ada")));
        assertThat(access().logins()).extracting(Login::id).containsExactly("two");
    }

    @Test
    void tokensAreFoundByTheirDigest() throws Exception {
        AgentToken build = token("build");
        assertThat(access().addToken(build)).isTrue();
        assertThat(access().addToken(token("another"))).isTrue();
        assertThat(access().addToken(new AgentToken(
                        "build",
                        SecretDigest.of("other"),
                        "user:eve",
                        build.scopes(),
                        Set.of(),
                        Optional.empty(),
                        build.life())))
                .isFalse();

        assertThat(access(second()).token(build.digest())).contains(build);
        assertThat(access().token(SecretDigest.of("wrong"))).isEmpty();
        assertThat(access().tokens()).extracting(AgentToken::name).containsExactly("another", "build");

        Instant used = time.wallTime().plusSeconds(60);
        access().touchToken(build.digest(), used);
        access().touchToken(build.digest(), used.minusSeconds(1));
        assertThat(access().token(build.digest()).orElseThrow().life().lastUsed())
                .contains(used);
        assertThat(access(second()).removeToken("build")).isTrue();
        assertThat(access().token(build.digest())).isEmpty();
        assertThat(access().removeToken("build")).isFalse();
    }

    @Test
    void aClosedStoreFails() throws Exception {
        AccessStore closed = access(second());
        second().close();
        assertClosed(closed::users);
        assertClosed(() -> closed.add(user("ada", UserRole.ADMIN)));
    }
}
