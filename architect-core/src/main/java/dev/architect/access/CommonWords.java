package dev.architect.access;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What passwords that are guessed first are made of: words, names and runs of keys, in lower case and letters only. */
final class CommonWords {

    static final Set<String> ALL = Arrays.stream("""
            password passwort passwd pass pwd motdepasse contrasena senha wachtwoord secret secrets geheim key keys login logon signin welcome willkommen
            bienvenue hello hallo hola admin administrator root user username guest test testing tester demo sample example default change changeme
            changeit please letmein letmeinnow open opensesame sesame access master manager system server service support operator oper owner
            qwerty qwertyuiop qwertz qwertzuiop azerty azertyuiop asdf asdfg asdfgh asdfghjkl zxcv zxcvb zxcvbn zxcvbnm qwe qwer qaz qazwsx wsx edc asd zxc
            abc abcd abcde abcdef abcdefg abcdefgh xyz iloveyou iloveu loveyou love lover lovely iloveme mylove forever always princess prince queen king
            dragon monkey tiger lion eagle bear wolf panther falcon shark dolphin horse kitty cat dog puppy bunny chicken turtle butterfly spider
            sunshine shadow summer winter spring autumn fall monday tuesday wednesday thursday friday saturday sunday january february march april may june
            july august september october november december football baseball basketball soccer hockey golf tennis cricket rugby yankees cowboys steelers
            lakers eagles liverpool arsenal chelsea barcelona madrid juventus manchester united ranger rangers hunter killer buster jordan thomas michael
            michelle jessica jennifer ashley amanda nicole daniel andrew joshua matthew anthony robert william charlie george david james john peter paul
            maria anna emma sarah laura julia martin robin alex alexander samantha maggie ginger pepper cookie cheese banana orange apple cherry chocolate
            coffee pizza flower rose angel heaven jesus christ god blessed faith hope grace peace freedom hello world computer internet google facebook
            amazon microsoft windows linux apple android iphone samsung nokia starwars startrek pokemon pikachu batman superman spiderman naruto minecraft
            fortnite matrix trustno trust noone whatever nothing something anything money dollar rich lucky star stars moon sun rainbow purple blue green
            red black white yellow silver gold golden diamond cool hot sexy fuck fuckyou fuckme shit bitch asshole pussy dick cock biteme merlin phoenix
            harley mustang ferrari porsche corvette mercedes toyota honda yamaha thunder lightning storm fire ice water earth solo
            london paris berlin newyork america england germany france spain italy canada mexico brazil india china japan russia
            correct horsebattery battery staple correcthorsebatterystaple the quick brown fox jumps over lazy
            architect gaia company corporate office work home house family mother father mommy daddy mom dad baby babygirl babyboy brother sister friend
            friends best my your our me you is a i and for of to in it on this that not one two three four five six seven eight nine zero
            """.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());

    private CommonWords() {}
}
