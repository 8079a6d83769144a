# Runs a server until no process uses it any more.
# $1: the folder of the server; the rest: its command.
folder=$1
shift
cd / || exit 1
"$@" >>"$folder/log" 2>&1 &
server=$!
trap '' INT HUP TERM

# Whether a process still runs that wrote its name among the users.
someone() {
    for user in "$folder"/users/*; do
        [ -e "$user" ] || continue
        if kill -0 "${user##*/}" 2>/dev/null; then return 0; fi
        rm -f "$user"
    done
    return 1
}

idle=0
while kill -0 "$server" 2>/dev/null; do
    sleep 1
    if someone; then
        idle=0
        continue
    fi
    idle=$((idle + 1))
    [ "$idle" -ge 4 ] || continue
    # Without the address, a new process starts a server of its own. One that came just before is found now.
    mv "$folder/address" "$folder/ended" 2>/dev/null
    someone || break
    mv "$folder/ended" "$folder/address" 2>/dev/null
    idle=0
done
kill -QUIT "$server" 2>/dev/null
# A test that paused the server may have been killed, and a stopped process does not end.
kill -CONT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
