# What one does with this project. Everything needs a JDK 17, Python 3.11 and make only; the rest is fetched.

.DEFAULT_GOAL := help
.PHONY: help verify deployment-tests test build format benchmark benchmark-peers benchmark-engine benchmark-engine-shared benchmark-load benchmark-streaming chaos crash clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

verify: ## Check the format, build, and run all tests
	bin/maven clean verify
	python3 src/build/python_tests.py src/local-stack test_local_stack.py target/python-reports/TEST-local-stack.xml
	python3 src/build/python_tests.py src/deployment 'test_*.py' target/python-reports/TEST-deployment.xml
	python3 src/build/test_counts.py target/surefire-reports target/failsafe-reports target/python-reports

deployment-tests: build ## Check images, template, Terraform, Cloud Build, DAG and README's commands, without a cloud
	python3 src/build/python_tests.py src/deployment 'test_*.py' target/python-reports/TEST-deployment.xml

test: ## Run the unit, property, oracle and pipeline tests
	bin/maven test

build: ## Build what bin/xml-to-bigquery runs
	bin/maven -DskipTests package

format: ## Format the sources
	bin/maven spotless:apply

benchmark: build ## Measure speed and memory against Woodstox alone; takes half an hour and 10 GB
	python3 src/benchmark/benchmark.py

benchmark-peers: build ## Measure the same work with Spark's XML reader; fetches 400 MB
	python3 src/benchmark/peers.py

benchmark-engine: build ## Measure bytes to rows without a runner against Woodstox alone, with JMH
	bin/maven -DskipTests test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath -DincludeScope=test
	java -cp target/test-classes:target/classes:$$(cat target/test-classpath) org.openjdk.jmh.Main EngineBenchmark

benchmark-engine-shared: build ## The same by processor time, for a machine that isn't quiet
	bin/maven -DskipTests test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath -DincludeScope=test
	java -cp target/test-classes:target/classes:$$(cat target/test-classpath) io.xmltobigquery.benchmark.EngineCpuTime

benchmark-load: build ## Measure a load through BigQueryIO into nothing, against JSON Lines
	bin/maven -DskipTests test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath -DincludeScope=test
	java -Xmx512m -XX:+UseSerialGC -cp target/test-classes:target/classes:$$(cat target/test-classpath) \
	  io.xmltobigquery.benchmark.LoadBenchmark

benchmark-streaming: build ## Measure the streaming job with the local stack: seconds to a row, files a second
	python3 src/benchmark/streaming.py

chaos: build ## Kill the processes of a Flink cluster 28 times while 600 files are loaded; takes 20 minutes
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=FlinkRestartIT -Dchaos.kills=28 -Dchaos.files=600

crash: build ## Kill a backfill at 100 moments and run it again; takes half an hour
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=CrashIT -Dcrash.kills=100

clean: ## Delete what was built
	bin/maven clean
