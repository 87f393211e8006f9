@echo off
rem Runs the culvert command on Windows; tools/culvert tells more. It builds what is missing, but does not notice that
rem sources are newer than what was built: run "mvn -Dquick -Dmaven.test.skip=true -pl tools/cli -am package" for that.
setlocal
set "here=%~dp0"
set "home=%here%.."
if exist "%here%cli\pom.xml" set "home=%here%cli\target\culvert"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"

if exist "%home%\lib\culvert-cli-*.jar" goto built
if not exist "%here%cli\pom.xml" goto incomplete
echo culvert: building (first time only, about a minute) ... 1>&2
pushd "%here%.."
call mvn -B -q -T 1C -Dquick -Dmaven.test.skip=true -pl tools/cli -am package 1>&2
set "failed=%errorlevel%"
popd
if not "%failed%"=="0" goto failed

:built
set "jar="
for %%j in ("%home%\lib\culvert-cli-*.jar") do set "jar=%%~fj"
set "tuning=-XX:TieredStopAtLevel=1"
if "%~1"=="node" set "tuning=-XX:+TieredCompilation -Xms32m"
"%java%" -Xshare:auto -Xlog:disable %tuning% -XX:+UseSerialGC "-Dculvert.launcher=%~f0" %CULVERT_JAVA_OPTS% ^
  -cp "%jar%" dev.culvert.cli.Culvert %*
exit /b %errorlevel%

:incomplete
echo culvert: there is no culvert-cli jar in %home%\lib; the installation is not complete 1>&2
exit /b 1

:failed
echo culvert: the build failed; it needs a JDK 17 or newer and Maven 3.8 or newer 1>&2
exit /b 1
