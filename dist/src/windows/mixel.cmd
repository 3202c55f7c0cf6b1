@echo off
rem Runs Mixel with the Java beside it. MIXEL_JAVA_OPTS: options for the Java virtual machine, such as -Xmx8g.
setlocal
set "home=%~dp0.."
if "%~1"=="spark" (
  echo mixel: Spark is not in this archive; build Mixel from its sources, or submit mixel-spark.jar>&2
  exit /b 1
)
if "%~1%~2"=="--help" (
  type "%home%\lib\help\100.txt"
  exit /b
)
"%home%\runtime\bin\java" -XX:+UseSerialGC -Xms32m -Xshare:auto -Xlog:disable -Xlog:all=warning:stderr "-XX:SharedArchiveFile=%home%\lib\classes.jsa" %MIXEL_JAVA_OPTS% -jar "%home%\lib\mixel.jar" %*
