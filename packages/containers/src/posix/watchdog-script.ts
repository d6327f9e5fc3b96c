/**
 * The shell script of the watchdog (see watchdog.ts): it sleeps in a read until the agent is gone, then looks once a second
 * at the containers of that agent, by the files in their state directories. It starts `sleep` and, when something has to
 * end, `grep`; all else is the shell's own.
 *
 * Never: signals a supervisor, which has to write down how its command ended; does anything once another watchdog of the
 * same work directory has put its pid into the holder file.
 */
export const WATCHDOG = `\
containers=$1 owner=$2 grace=$3 holder=$4
echo $$ > "$holder" && echo ready || exit 1
exec > /dev/null 2>&1
# An agent that ends in order says so; of one that was killed something may just be starting.
patience=3
while read -r line; do patience=0; done
newline='
'
case $containers in *"$newline"*) exit 1 ;; esac

mine() {
  now=
  read -r now < "$holder" && [ "$now" = "$$" ]
}

fields() {
  set -- \${1##*') '}
  state=$1 parent=$2 session=$4 started=\${20}
}

alive() {
  stat=
  read -r stat < "$1/supervisor" || return 1
  pid=\${stat%% *}
  fields "$stat"
  then=$started
  stat=
  read -r stat < "/proc/$pid/stat" || return 1
  fields "$stat"
  [ "$started" = "$then" ] && [ "$state" != Z ]
}

look() {
  left= supervisors=' ' due= late=
  for dir in "$containers"/*; do
    limit= who=
    read -r limit who < "$dir/owner" || continue
    [ "$who" = "$owner" ] && alive "$dir" || continue
    left=1
    supervisors="$supervisors$pid "
    if [ "$passed" -eq "$limit" ]; then due="$due$dir$newline"; fi
    if [ "$passed" -ge $((limit + grace)) ]; then late="$late$dir$newline"; fi
  done
}

# Everybody who carries the mark of a container, is a child of its supervisor, or in the session of one that is.
end() {
  patterns= roots=' ' sessions=' ' members=' '
  IFS=$newline
  for dir in $2; do
    patterns="\${patterns}MESOLITE_CONTAINER=$dir\${newline}x_MESOLITE_CONTAINER=$dir$newline"
    alive "$dir" && roots="$roots$pid "
  done
  unset IFS
  [ -n "$patterns" ] || return
  for path in $(printf %s "$patterns" | grep -lzxF -f - /proc/[0-9]*/environ); do
    path=\${path#/proc/}
    members="$members\${path%/environ} "
  done
  for pass in 1 2; do
    for path in /proc/[0-9]*; do
      stat=
      read -r stat < "$path/stat" || continue
      pid=\${stat%% *}
      fields "$stat"
      case $roots in *" $parent "*)
        members="$members$pid "
        [ "$session" = "$parent" ] || sessions="$sessions$session " ;;
      esac
      case $sessions in *" $session "*) members="$members$pid " ;; esac
      case $members in *" $parent "*) members="$members$pid " ;; esac
    done
  done
  for pid in $members; do
    case $supervisors in *" $pid "*) ;; *) kill -s "$1" "$pid" ;; esac
  done
}

passed=0
while mine; do
  look
  # One that was just being started has not written down yet who it is.
  [ -n "$left" ] || [ "$passed" -lt "$patience" ] || break
  end TERM "$due"
  end KILL "$late"
  sleep 1
  passed=$((passed + 1))
done`;
