package dev.architect.runtime;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses that share their first bits, as in {@code 10.0.0.0/8} or {@code fd00::/8}; one address alone without a number of bits
 * (CIDR, RFC 4632). Immutable.
 */
public final class AddressRange {

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final int MAX_CHARACTERS = 64;

    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /**
     * Reads a range; names are not resolved.
     *
     * @throws IllegalArgumentException when {@code text} is none
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = bytes(slash < 0 ? text : text.substring(0, slash));
        String count = slash < 0 ? "" : text.substring(slash + 1);
        if (address.isEmpty() || (slash >= 0 && !count.matches("[0-9]{1,3}"))) {
            throw wrong(text);
        }
        int all = address.get().length * Byte.SIZE;
        int bits = slash < 0 ? all : Integer.parseInt(count);
        if (bits > all) {
            throw wrong(text);
        }
        return new AddressRange(mask(address.get(), bits), bits);
    }

    private static IllegalArgumentException wrong(String text) {
        String shown = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "…" : text;
        return new IllegalArgumentException(
                "address is '" + shown + "', expected an IP address or a range such as 10.0.0.0/8");
    }

    /** Whether {@code address}, an IP address as text, is in the range; false for everything else. */
    public boolean contains(String address) {
        return bytes(address)
                .filter(bytes -> bytes.length == network.length)
                .filter(bytes -> Arrays.equals(mask(bytes, bits), network))
                .isPresent();
    }

    /**
     * Returns the network of {@code address} with its first {@code bits4} or {@code bits6} bits, as text, so that all addresses of a
     * network have one text; empty when it is no IP address.
     */
    public static Optional<String> networkOf(String address, int bits4, int bits6) {
        return bytes(address)
                .map(bytes -> new AddressRange(
                                mask(bytes, bytes.length == 4 ? bits4 : bits6), bytes.length == 4 ? bits4 : bits6)
                        .toString());
    }

    /** Only text that is an address reaches the resolver, which therefore never asks the network. */
    private static Optional<byte[]> bytes(String text) {
        int zone = text.indexOf('%');
        String address = zone < 0 ? text : text.substring(0, zone);
        boolean isAddress = IPV4.matcher(address).matches()
                || (address.indexOf(':') >= 0 && IPV6.matcher(address).matches());
        if (!isAddress) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException notOne) {
            return Optional.empty();
        }
    }

    private static byte[] mask(byte[] address, int bits) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
            masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return masked;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange range && bits == range.bits && Arrays.equals(network, range.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + bits;
    }

    @Override
    public String toString() {
        try {
            String address = InetAddress.getByAddress(network).getHostAddress();
            return bits == network.length * Byte.SIZE ? address : address + "/" + bits;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("address has " + network.length + " bytes, expected 4 or 16", impossible);
        }
    }
}
