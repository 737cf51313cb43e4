/** Who may do what: users with their roles, logins, passkeys, tokens of agents, and how passwords are kept. */
@NullMarked
package dev.architect.access;

import org.jspecify.annotations.NullMarked;
