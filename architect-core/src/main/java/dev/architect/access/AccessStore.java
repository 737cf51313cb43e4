package dev.architect.access;

import dev.architect.error.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Users, logins, passkeys and tokens of agents, which all nodes of a store share. Secrets are kept as digests only.
 *
 * <p>Methods block until a change is durable, throw a {@link StoreException} when the store fails, and are safe for use by several threads.
 * Times are kept to the microsecond.
 */
public interface AccessStore {

    /** The most users, and the most tokens, of a store. */
    int MOST = 10_000;

    /** The most passkeys of a user. */
    int MOST_PASSKEYS = 20;

    /** The most challenges that wait for their answer. */
    int MOST_CHALLENGES = 2_000;

    /** Whether there is a user. */
    boolean hasUsers();

    /** Returns all users, in the order of their names. */
    List<User> users();

    /** Returns the user of that name. */
    Optional<User> user(String name);

    /** Adds the first user; of several that try at once, one succeeds. Whether this one did: false when there is a user. */
    boolean addFirst(User user);

    /**
     * Adds a user.
     *
     * @return false when the name is taken
     * @throws dev.architect.error.CapacityException when there are {@value #MOST} users
     */
    boolean add(User user);

    /**
     * Replaces everything of a user but the name and the time of creation. One who may not log in any more loses the passkeys.
     *
     * @param user the user as it shall be, with the version that the caller has read; the store counts it up
     */
    AccessChange change(User user);

    /**
     * Removes a user with all logins, the passkeys and the second factor of the user.
     *
     * @param version that the caller has read; 0 for any
     */
    AccessChange remove(String name, long version);

    /** Returns the second factor of a user, whether it is confirmed or not. */
    Optional<SecondFactor> secondFactor(String user);

    /**
     * Adds a second factor that is not confirmed, in place of an earlier one that is not either.
     *
     * @return false when there is no such user, or the user has a confirmed one
     */
    boolean beginSecondFactor(SecondFactor begun);

    /**
     * Confirms a second factor: logins ask for it from then on.
     *
     * @param confirmed as it shall be
     * @return false when it was replaced, confirmed or removed meanwhile
     */
    boolean confirmSecondFactor(SecondFactor confirmed);

    /**
     * Takes the code of a step, once for all nodes.
     *
     * @return false when this step or a later one was taken before, or there is no confirmed second factor
     */
    boolean useStep(String user, long step);

    /**
     * Takes a recovery code, once for all nodes.
     *
     * @param digest of the code, {@link RecoveryCodes#digest}
     * @return false when there is no such code, or not any more
     */
    boolean useRecoveryCode(String user, String digest);

    /** Removes the second factor of a user; whether there was one. */
    boolean removeSecondFactor(String user);

    /**
     * Adds a passkey.
     *
     * @return false when its id is taken, or there is no such user who may log in
     * @throws dev.architect.error.CapacityException when the user has {@value #MOST_PASSKEYS}
     */
    boolean addPasskey(Passkey passkey);

    /** Returns the passkey of that id. */
    Optional<Passkey> passkey(String id);

    /** Returns the passkeys of a user, in the order in which they were added. */
    List<Passkey> passkeys(String user);

    /**
     * Keeps what a signature of a passkey has told, once for all nodes.
     *
     * @return false when there is no such passkey, or it does not {@linkplain Passkey#accepts accept} the count; nothing is kept then
     */
    boolean usePasskey(String id, Passkey.Use use);

    /** Removes the passkey of that id when it is of this user; whether it was. */
    boolean removePasskey(String user, String id);

    /** Removes all passkeys of a user; returns how many. */
    int removePasskeys(String user);

    /**
     * Adds a challenge in place of those for the same purpose, and removes those that have ended before it was created.
     *
     * @throws dev.architect.error.CapacityException when about {@value #MOST_CHALLENGES} wait
     */
    void addChallenge(LoginChallenge challenge);

    /** Returns the challenge of that digest, once for all nodes, whether it has ended or not. */
    Optional<LoginChallenge> takeChallenge(String digest);

    /** Adds a login, and removes those that have ended before it was created. */
    void addLogin(Login login);

    /** Returns the login of that id, whether it has ended or not. */
    Optional<Login> login(String id);

    /** Returns the logins, the newest first, at most 10,000. */
    List<Login> logins();

    /** Keeps when a login was last seen and authenticated, where both are later than what is kept. Does nothing when it was removed. */
    void touchLogin(String id, Instant lastSeen, Instant authenticatedAt);

    /** Removes a login; whether there was one. */
    boolean removeLogin(String id);

    /** Removes all logins of a user but that of the id {@code kept}; returns how many. */
    int removeLogins(String user, Optional<String> kept);

    /**
     * Adds a token.
     *
     * @return false when the name is taken
     * @throws dev.architect.error.CapacityException when there are {@value #MOST} tokens
     */
    boolean addToken(AgentToken token);

    /** Returns the token of that digest, whether it has expired or not. */
    Optional<AgentToken> token(String digest);

    /** Returns all tokens, in the order of their names. */
    List<AgentToken> tokens();

    /** Keeps when a token was used, where that is later than what is kept. Does nothing when it was removed. */
    void touchToken(String digest, Instant lastUsed);

    /** Removes the token of that name; whether there was one. */
    boolean removeToken(String name);
}
