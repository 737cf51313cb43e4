package dev.architect.server.access;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The limits of logins by name and password, and by passkeys: for each address, for each account, and for all together. A device from which the user has logged
 * in before waits only for its own failures, so that nobody can lock others out. Safe for use by several threads.
 *
 * <p>A thousand guesses at one account in a day, from whatever addresses, come to about eighty that are checked: the wait grows to 20 minutes.
 */
public final class LoginLimits {

    private static final int FREE_OF_ACCOUNT = 5;
    private static final Duration WAIT_OF_ACCOUNT = Duration.ofMinutes(20);
    private static final Duration KEPT_OF_ACCOUNT = Duration.ofDays(1);
    private static final int FREE_OF_ALL = 100;
    private static final Duration WAIT_OF_ALL = Duration.ofSeconds(10);
    private static final Duration KEPT_OF_ALL = Duration.ofMinutes(1);
    private static final String ALL = "*";
    private static final int MOST_DEVICES = 10_000;

    /** A person begins as often without an end at most, and a room full of people of one address hardly more. */
    private static final int FREE_PASSKEYS = 20;

    private static final Duration WAIT_OF_PASSKEYS = Duration.ofMinutes(1);
    private static final Duration KEPT_OF_PASSKEYS = Duration.ofMinutes(5);

    private final LoginRateLimit addresses;
    private final LoginRateLimit accounts;
    private final LoginRateLimit devices;
    private final LoginRateLimit all;
    private final LoginRateLimit codes;
    private final LoginRateLimit passkeys;
    private final Set<String> known = new LinkedHashSet<>();

    /** Creates limits without failures; {@code addresses} are shared with other ways to log in. */
    public LoginLimits(TimeSource time, LoginRateLimit addresses) {
        this.addresses = addresses;
        this.accounts = new LoginRateLimit(time, FREE_OF_ACCOUNT, WAIT_OF_ACCOUNT, KEPT_OF_ACCOUNT);
        this.devices = new LoginRateLimit(time);
        this.all = new LoginRateLimit(time, FREE_OF_ALL, WAIT_OF_ALL, KEPT_OF_ALL);
        this.codes = new LoginRateLimit(time, FREE_OF_ACCOUNT, WAIT_OF_ACCOUNT, KEPT_OF_ACCOUNT);
        this.passkeys = new LoginRateLimit(time, FREE_PASSKEYS, WAIT_OF_PASSKEYS, KEPT_OF_PASSKEYS);
    }

    private static String device(String account, String address) {
        return account + " " + address;
    }

    private boolean isKnown(String account, String address) {
        synchronized (known) {
            return known.contains(device(account, address));
        }
    }

    /** Returns how long the next guess has to wait before it is checked; zero when it need not. */
    public Duration retryAfter(String account, String address) {
        if (isKnown(account, address)) {
            return devices.retryAfter(device(account, address));
        }
        Duration longest = addresses.retryAfter(address);
        for (Duration other : new Duration[] {accounts.retryAfter(account), all.retryAfter(ALL)}) {
            longest = other.compareTo(longest) > 0 ? other : longest;
        }
        return longest;
    }

    /** Counts a wrong password. */
    public void recordFailure(String account, String address) {
        if (isKnown(account, address)) {
            devices.recordFailure(device(account, address));
            return;
        }
        addresses.recordFailure(address);
        accounts.recordFailure(account);
        all.recordFailure(ALL);
    }

    /**
     * Counts a code of an account's second factor as wrong until it is known to be right, so that many at once are no more than many in turn.
     * Only who knows the password gets here, from whatever address.
     *
     * @return zero when the code may be checked, else how long to wait; nothing is counted then
     */
    public Duration beginCode(String account) {
        synchronized (codes) {
            Duration wait = codes.retryAfter(account);
            if (wait.isZero()) {
                codes.recordFailure(account);
            }
            return wait;
        }
    }

    /** Clears the wrong codes of an account. */
    public void recordRightCode(String account) {
        codes.recordSuccess(account);
    }

    /**
     * Counts a login by a passkey that an address begins, until one of its logins succeeds: each is kept for some minutes.
     *
     * @return zero when it may begin, else how long to wait; nothing is counted then
     */
    public Duration beginPasskey(String address) {
        synchronized (passkeys) {
            Duration wait = passkeys.retryAfter(address);
            if (wait.isZero()) {
                passkeys.recordFailure(address);
            }
            return wait;
        }
    }

    /** Returns how long the next answer of a passkey has to wait before it is checked; zero when it need not. */
    public Duration passkeyRetryAfter(String address) {
        return addresses.retryAfter(address);
    }

    /** Counts a wrong answer of a passkey. Whose it would be is not known. */
    public void recordWrongPasskey(String address) {
        addresses.recordFailure(address);
    }

    /** Clears the failures of the address, and knows the device from now on. Those of the account stay: somebody else may have caused them. */
    public void recordSuccess(String account, String address) {
        addresses.recordSuccess(address);
        passkeys.recordSuccess(address);
        devices.recordSuccess(device(account, address));
        synchronized (known) {
            known.remove(device(account, address));
            known.add(device(account, address));
            Iterator<String> oldest = known.iterator();
            while (known.size() > MOST_DEVICES) {
                oldest.next();
                oldest.remove();
            }
        }
    }
}
