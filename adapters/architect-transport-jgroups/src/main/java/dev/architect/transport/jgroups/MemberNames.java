package dev.architect.transport.jgroups;

import dev.architect.node.MemberView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * Which address of a view has which name. Members name themselves in frames of our own, so a view of the library becomes one of names
 * as soon as those that are in it have said who they are. Safe for use by several threads.
 */
final class MemberNames {

    private final String self;
    // Guarded by this object's lock.
    private final Address ownAddress;
    private final Map<Address, String> names = new HashMap<>();
    private List<Address> addresses;
    private MemberView view;

    MemberNames(String self, Address ownAddress) {
        this.self = self;
        this.ownAddress = ownAddress;
        this.addresses = List.of(ownAddress);
        this.view = new MemberView(1, Set.of(self));
    }

    /** The members whose names are known, this one included. */
    synchronized MemberView view() {
        return view;
    }

    /** Takes the addresses of a new view, oldest member first. Returns those that have not said their names. */
    synchronized List<Address> changed(List<Address> newAddresses) {
        addresses = List.copyOf(newAddresses);
        names.keySet().retainAll(addresses);
        update();
        return unnamed();
    }

    /** From now on this member sees itself alone. */
    synchronized void alone() {
        names.clear();
        addresses = List.of(ownAddress);
        update();
    }

    /** The addresses of the view without a name. */
    synchronized List<Address> unnamed() {
        return addresses.stream()
                .filter(address -> !address.equals(ownAddress) && !names.containsKey(address))
                .toList();
    }

    /** Notes a name. One of an address that is not in the view yet is kept until the next view. */
    synchronized void named(Address address, String name) {
        if (!name.equals(names.put(address, name))) {
            update();
        }
    }

    /** The address of a member; null when there is none. Of two with one name, the younger: the older one has just died. */
    synchronized @Nullable Address addressOf(String name) {
        Address found = null;
        for (Address address : addresses) {
            if (name.equals(names.get(address))) {
                found = address;
            }
        }
        return found;
    }

    /** Whether {@code other} was a member before this one. */
    synchronized boolean isOlder(Address other) {
        int index = addresses.indexOf(other);
        return index >= 0 && index < addresses.indexOf(ownAddress);
    }

    private void update() {
        Set<String> members = new TreeSet<>();
        members.add(self);
        for (Address address : addresses) {
            String name = names.get(address);
            if (name != null) {
                members.add(name);
            }
        }
        if (!members.equals(view.members())) {
            view = new MemberView(view.id() + 1, members);
        }
    }
}
