# Runs a server until nobody uses it any more.
# $1: the folder of the server; the rest: its command.
folder=$1
shift
cd / || exit 1
"$@" >>"$folder/log" 2>&1 &
server=$!
trap '' INT HUP TERM

# Whether a process is left that said it uses the server.
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
    # Who comes from now on finds no server and starts another. Who came just before is found now.
    mv "$folder/address" "$folder/ended" 2>/dev/null
    someone || break
    mv "$folder/ended" "$folder/address" 2>/dev/null
    idle=0
done
kill -QUIT "$server" 2>/dev/null
# Who paused it may have been killed. It ends its own processes, however they stand.
kill -CONT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
