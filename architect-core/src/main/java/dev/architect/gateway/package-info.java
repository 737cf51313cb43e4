/** The way of a chat request from its caller through the router into the ledger, blocking or not. */
@NullMarked
package dev.architect.gateway;

import org.jspecify.annotations.NullMarked;
